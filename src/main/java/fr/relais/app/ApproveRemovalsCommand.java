package fr.relais.app;

import fr.relais.Relais;
import fr.relais.sweep.SweepSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code approve-removals}. */
@Command(
        name = "approve-removals",
        description = "Removes the candidates of a held sweep, each after asking the source."
                + " Exits with the same codes as sync.")
class ApproveRemovalsCommand extends SweepingCommand {

    @Parameters(paramLabel = "SWEEP", description = "The number of the held sweep.")
    private long sweep;

    @Mixin
    private Person by;

    @Override
    SweepSummary sweep(Relais relais) {
        return relais.approveRemovals(sweep, by.name);
    }
}
