package fr.relais.app;

import fr.relais.Relais;
import fr.relais.sweep.SweepSummary;
import picocli.CommandLine.Command;

/** The verb {@code sync}. */
@Command(
        name = "sync",
        description = "Sweeps once and exits: 0 proved and applied, 2 incomplete, 3 held for approval, 1 error.")
class SyncCommand extends SweepingCommand {

    @Override
    SweepSummary sweep(Relais relais) {
        return relais.sweep();
    }
}
