package fr.relais.app;

import fr.relais.Relais;
import fr.relais.sweep.SweepSummary;
import picocli.CommandLine.Command;

/** The command {@code sync}. */
@Command(
        name = "sync",
        description = "Sweeps once and shows the progress."
                + " Exits with 0 (proved), 1 (failed), 2 (incomplete) or 3 (held for approval).")
class SyncCommand extends SweepingCommand {

    @Override
    SweepSummary sweep(Relais relais) {
        return relais.sweep();
    }
}
