/** Records a second when nothing limits them. */
const unlimited = Number.POSITIVE_INFINITY;

/**
 * A token bucket that holds up to one second of tokens. Taking tokens never fails: it may run into debt, and
 * whoever comes next waits until the debt is paid. So a buffer of many lines is one taking.
 */
export class RateLimiter {
  readonly #maxRate: number;
  #rate: number;
  /** Tokens at hand when positive, owed when negative. */
  #tokens = 0;
  #filledAtMs: number | undefined;

  /**
   * @param maxRate records a second; 0 or less, or `undefined`, is no limit
   * @param initialRate the rate until the first `updateRate`; default `maxRate`
   */
  constructor(maxRate?: number, initialRate?: number) {
    this.#maxRate = positive(maxRate);
    this.#rate = Math.min(this.#maxRate, positive(initialRate));
  }

  /** Records a second; infinite when there is no limit. */
  get currentLimit(): number {
    return this.#rate;
  }

  /** Whether there is a limit at all. */
  get isLimited(): boolean {
    return this.#rate !== unlimited;
  }

  /** Sets another rate, never above the maximum; 0 or less is ignored. */
  updateRate(rate: number): void {
    if (rate > 0) this.#rate = Math.min(rate, this.#maxRate);
  }

  /** Takes `count` tokens at `nowMs` and answers how many milliseconds to wait before taking more. */
  take(count: number, nowMs: number): number {
    if (!this.isLimited) return 0;
    const sinceMs = this.#filledAtMs === undefined ? 0 : Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#rate, this.#tokens + (sinceMs * this.#rate) / 1000) - count;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate) * 1000;
  }
}

function positive(rate: number | undefined): number {
  return rate !== undefined && rate > 0 ? rate : unlimited;
}
