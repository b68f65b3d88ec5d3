/**
 * The quantile of the standard normal distribution (Acklam's rational approximation, relative error below
 * 1.2e-9): half the width, in standard deviations, of an interval that holds with probability `2p - 1`.
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  return (q * polynomial(centreTop, r)) / polynomial(centreBottom, r);
}

const centreTop = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const centreBottom = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const tailTop = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailBottom = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

function tail(q: number): number {
  return polynomial(tailTop, q) / polynomial(tailBottom, q);
}

/** Coefficients of the highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/**
 * The quantile of Student's t distribution, for intervals around a mean of few numbers (Cornish and Fisher's
 * expansion around the normal quantile; three digits from three degrees of freedom on).
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  const z = normalQuantile(p);
  if (degreesOfFreedom === 1) return Math.tan(Math.PI * (p - 0.5));
  if (degreesOfFreedom === 2) return (2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p)));
  const n = degreesOfFreedom;
  const z2 = z * z;
  return (
    z +
    (z * (z2 + 1)) / (4 * n) +
    (z * (5 * z2 * z2 + 16 * z2 + 3)) / (96 * n ** 2) +
    (z * (3 * z2 ** 3 + 19 * z2 ** 2 + 17 * z2 - 15)) / (384 * n ** 3)
  );
}
