package fr.relais.app;

import fr.relais.Relais;
import fr.relais.sweep.SweepSummary;
import java.util.concurrent.Callable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Mixin;

/** A verb that sweeps and says by its exit code what came of it. */
abstract class SweepingCommand implements Callable<Integer> {

    private static final int APPLIED = 0;
    private static final int INCOMPLETE = 2;
    private static final int HELD = 3;

    @Mixin
    private SpringArguments arguments;

    /** Where the sweep begins, and with which body. */
    abstract SweepSummary sweep(Relais relais);

    @Override
    public Integer call() throws InterruptedException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(RelaisApplication.class)
                .web(WebApplicationType.NONE)
                // The summary is printed below; the log would say it twice.
                .properties("logging.level.fr.relais.sweep=error")
                .run(arguments.get())) {
            Relais relais = RelaisApplication.relais(context);
            relais.checkSource();
            SweepSummary summary = null;
            for (boolean told = false; summary == null; told = true) {
                // Each attempt waits for the lease itself.
                try (ProgressLine progress = new ProgressLine(relais::progress, System.out)) {
                    summary = sweep(relais);
                }
                if (summary == null && !told) {
                    System.err.println("Another process is sweeping this database; waiting until it has finished.");
                }
            }
            System.out.println(summary);
            return switch (summary.state()) {
                case PROVED -> APPLIED;
                case HELD -> HELD;
                default -> INCOMPLETE;
            };
        }
    }
}
