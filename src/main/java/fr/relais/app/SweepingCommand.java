package fr.relais.app;

import fr.relais.Relais;
import fr.relais.sweep.SweepSummary;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A command that sweeps and returns the outcome as its exit code. */
abstract class SweepingCommand extends RelaisCommand {

    private static final int PROVED = 0;
    private static final int INCOMPLETE = 2;
    private static final int HELD = 3;

    /** Sweeps. Returns null when another process is sweeping. */
    abstract SweepSummary sweep(Relais relais);

    @Override
    SpringApplicationBuilder application() {
        // The summary is printed below, so it is not logged as well.
        return super.application().properties("logging.level.fr.relais.sweep=error");
    }

    @Override
    int run(Relais relais) throws InterruptedException {
        relais.checkSource();
        SweepSummary summary = null;
        for (boolean isRetry = false; summary == null; isRetry = true) {
            // Each attempt waits for the lease.
            try (ProgressLine progress = new ProgressLine(relais::progress, System.out)) {
                summary = sweep(relais);
            }
            if (summary == null && !isRetry) {
                System.err.println("Another process is sweeping this database; waiting until it has finished.");
            }
        }
        System.out.println(summary);
        return switch (summary.state()) {
            case PROVED -> PROVED;
            case HELD -> HELD;
            default -> INCOMPLETE;
        };
    }
}
