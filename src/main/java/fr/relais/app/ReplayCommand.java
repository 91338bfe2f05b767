package fr.relais.app;

import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code replay}. */
@Command(
        name = "replay",
        description = "Records an event for every offer of the mirror. The service delivers the events."
                + " Exits with 0 (done) or 1 (failed).")
class ReplayCommand implements Callable<Integer> {

    @Mixin
    private SpringArguments arguments;

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context =
                RelaisApplication.forCommand().run(arguments.get())) {
            long offers = RelaisApplication.relais(context).replayEvents();
            System.out.println("Recorded events for " + offers + " offers; the service delivers them.");
            return 0;
        }
    }
}
