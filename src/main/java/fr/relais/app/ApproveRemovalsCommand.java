package fr.relais.app;

import fr.relais.Relais;
import fr.relais.sweep.SweepSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verb {@code approve-removals}. */
@Command(
        name = "approve-removals",
        description =
                "Removes what a held sweep would remove, each offer still with the source's word, and exits as sync does.")
class ApproveRemovalsCommand extends SweepingCommand {

    @Parameters(paramLabel = "SWEEP", description = "The number of the held sweep.")
    private long sweep;

    @Override
    SweepSummary sweep(Relais relais) {
        return relais.approveRemovals(sweep);
    }
}
