package fr.relais.seal;

import fr.relais.failure.RelaisException;

/** The refusal to open a mirror of which a wipe has removed only a part. */
public final class UnfinishedWipe extends RelaisException {

    private static final long serialVersionUID = 1L;

    UnfinishedWipe() {
        super("A wipe has begun and not ended", "Run the command wipe again. It continues where it was interrupted.");
    }
}
