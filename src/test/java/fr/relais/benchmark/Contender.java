package fr.relais.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The main class of a contender's process. It sweeps once for each line of its input, and prints a line of figures:
 * seconds, CPU seconds and peak resident memory in MB. With a process of its own, each contender has its own heap, and
 * both are measured alike.
 */
final class Contender {

    /** A contender, which mirrors the source. */
    interface Mirroring extends AutoCloseable {
        void sweep() throws Exception;
    }

    private Contender() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> environment = System.getenv();
        try (Mirroring mirroring = args[0].equals("floor")
                        ? new FloorContender(environment)
                        : new RelaisContender(environment, args[0].equals("relais-with-metrics"));
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            while (commands.readLine() != null) {
                long start = System.nanoTime();
                long cpu = cpuNanos();
                mirroring.sweep();
                System.out.printf(
                        "%.3f %.3f %d%n",
                        (System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9, peakResidentMegabytes());
            }
        }
        System.exit(0);
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long peakResidentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
