package fr.relais.app;

import fr.relais.Relais;
import picocli.CommandLine.Command;

/** The command {@code replay}. */
@Command(
        name = "replay",
        description = "Records an event for every offer of the mirror. The service delivers the events."
                + " Exits with 0 (done) or 1 (failed).")
class ReplayCommand extends RelaisCommand {

    @Override
    int run(Relais relais) {
        long offers = relais.replayEvents();
        System.out.println("Recorded events for " + offers + " offers; the service delivers them.");
        return 0;
    }
}
