package fr.relais.wipe;

import fr.relais.failure.RelaisException;

/** The failure to start a wipe, because another process holds the lease for sweeping. */
public final class SweepRunning extends RelaisException {

    private static final long serialVersionUID = 1L;

    SweepRunning() {
        super(
                "Another process sweeps or wipes this database",
                "Stop all other processes of Relais, and run the command wipe again.");
    }
}
