package fr.relais.app;

import fr.relais.sweep.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import picocli.CommandLine.Help.Ansi;

/** The display of a sweep's progress: on a terminal a bar that is redrawn, otherwise a line every ten seconds. */
final class ProgressLine implements AutoCloseable {

    private static final int WIDTH = 30;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Supplier<Progress> progress;
    private final PrintStream out;
    private final boolean terminal = Ansi.AUTO.enabled();
    private final long startedAt = System.nanoTime();

    ProgressLine(Supplier<Progress> progress, PrintStream out) {
        this.progress = progress;
        this.out = out;
        long periodMillis = terminal ? 500 : 10_000;
        timer.scheduleWithFixedDelay(this::show, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    }

    private void show() {
        try {
            String line = format(progress.get(), Duration.ofNanos(System.nanoTime() - startedAt));
            out.print(terminal ? "\r\u001b[K" + line : line + System.lineSeparator());
            out.flush();
        } catch (RuntimeException e) {
            // The sweep goes on without the display, which tries again after the period.
        }
    }

    static String format(Progress now, Duration elapsed) {
        double seconds = Math.max(elapsed.toMillis() / 1000.0, 0.001);
        double share = now.offersKnown() == 0 ? 0 : Math.min(1, (double) now.offers() / now.offersKnown());
        int full = (int) (share * WIDTH);
        String left = share == 0 ? "unknown" : Math.round(seconds / share - seconds) + " s";
        return String.format(
                Locale.ROOT,
                "[%s%s] %3.0f %%  %d/%d slices  %,d/%,d offers  %d calls  %.1f calls/s  left: %s",
                "#".repeat(full),
                ".".repeat(WIDTH - full),
                100 * share,
                now.slices(),
                now.slicesKnown(),
                now.offers(),
                now.offersKnown(),
                now.calls(),
                now.calls() / seconds,
                left);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        if (terminal) {
            out.print("\r\u001b[K");
        }
    }
}
