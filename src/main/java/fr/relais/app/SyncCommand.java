package fr.relais.app;

import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The verb {@code sync}: one sweep, then exit. */
@Command(
        name = "sync",
        description = "Sweeps once and exits: 0 proved and applied, 2 incomplete, 3 held for approval, 1 error.")
class SyncCommand implements Callable<Integer> {

    private static final int APPLIED = 0;
    private static final int ERROR = 1;
    private static final int INCOMPLETE = 2;
    private static final int HELD = 3;

    @Mixin
    private SpringArguments arguments;

    @Override
    public Integer call() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(RelaisApplication.class)
                        .web(WebApplicationType.NONE)
                        // The summary is printed below; the log would say it twice.
                        .properties("logging.level.fr.relais.sweep=warn")
                        .run(arguments.get());
                ProducerTemplate producer = context.getBean(CamelContext.class).createProducerTemplate()) {
            Sweeps sweeps =
                    context.getBean(CamelContext.class).getRegistry().lookupByNameAndType("sweeps", Sweeps.class);
            SweepSummary summary;
            try (ProgressLine progress = new ProgressLine(sweeps::progress, System.out)) {
                summary = producer.requestBody("direct:sweep", null, SweepSummary.class);
            }
            if (summary == null) {
                System.err.println("Another process is sweeping this database; try again when it has finished.");
                return ERROR;
            }
            System.out.println(summary);
            return switch (summary.state()) {
                case "proved" -> APPLIED;
                case "held" -> HELD;
                default -> INCOMPLETE;
            };
        }
    }
}
