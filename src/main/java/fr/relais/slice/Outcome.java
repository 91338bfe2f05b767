package fr.relais.slice;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import fr.relais.source.SourceException;
import java.util.List;

/** The outcome of reading a slice. */
public sealed interface Outcome {

    /** The slice is proved: all of its offers were read. */
    record Proved(int total) implements Outcome {}

    /** The slice is too large, or changes too often, to be proved in one piece. The pieces cover it. */
    record Split(List<Slice> pieces) implements Outcome {}

    /** The slice could not be proved, so the sweep is incomplete and removes nothing. */
    record Unproved(String reason) implements Outcome {}

    /** The slice could not be read, because the source or the database failed. The sweep reads no further slices. */
    record Unread(String reason) implements Outcome {}

    /** The process that reads the slice is stopping. The slice is planned again, for another process. */
    record Interrupted() implements Outcome {}

    /**
     * Returns the outcome of a reading that ended with a failure: {@link Unproved} when the source rejected the
     * request, {@link Interrupted} when this process is stopping, otherwise {@link Unread}.
     */
    static Outcome of(Throwable failure) {
        String reason = Failures.describe(failure);
        Throwable own = Failures.causes(failure)
                .filter(RelaisException.class::isInstance)
                .findFirst()
                .orElse(null);
        if (own instanceof SourceException.Stopped) {
            return new Interrupted();
        }
        return own instanceof SourceException.Rejected ? new Unproved(reason) : new Unread(reason);
    }
}
