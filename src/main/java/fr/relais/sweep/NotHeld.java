package fr.relais.sweep;

import fr.relais.failure.RelaisException;

/** A sweep whose removals cannot be approved, because it holds none. */
public final class NotHeld extends RelaisException {

    NotHeld(long sweep) {
        super(
                "Sweep " + sweep
                        + " holds no removals: it is not held, a later sweep has begun, or relais.source.origins has changed",
                "The console lists the sweeps and their states.");
    }
}
