import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Wall and CPU time since it was made; CPU time is that of all threads of the JVM. */
final class Stopwatch {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final long cpu = SYSTEM.getProcessCpuTime();
  private final long start = System.nanoTime();

  double wallSeconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  double cpuSeconds() {
    return (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
  }
}
