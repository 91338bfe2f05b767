package fr.relais.slice;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import fr.relais.source.SourceException;
import java.util.List;

/** What came of reading a slice. */
public sealed interface Outcome {

    /** Every offer of the slice was read, and that is known for certain. */
    record Proved(int total) implements Outcome {}

    /** The slice is too large, or moves too much, to be proved in one piece; these pieces cover it. */
    record Split(List<Slice> pieces) implements Outcome {}

    /** The slice could not be proved in this sweep, so the sweep removes nothing. */
    record Unproved(String reason) implements Outcome {}

    /** The source gave no data at all; there is no point in reading further slices now. */
    record Unread(String reason) implements Outcome {}

    /** The outcome of a reading that a failure ended. */
    static Outcome of(Throwable failure) {
        String reason = Failures.describe(failure);
        boolean isRejected = Failures.causes(failure)
                .filter(RelaisException.class::isInstance)
                .findFirst()
                .filter(SourceException.Rejected.class::isInstance)
                .isPresent();
        return isRejected ? new Unproved(reason) : new Unread(reason);
    }
}
