package fr.relais.sweep;

import fr.relais.offer.TransformFailed;
import fr.relais.source.SourceException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.springframework.dao.TransientDataAccessException;

/** What came of reading a slice. */
public sealed interface Outcome {

    /** MariaDB's error code. */
    int LOCK_WAIT_TIMEOUT = 1205;

    /** Every offer of the slice was read, and that is known for certain. */
    record Proved(int total) implements Outcome {}

    /** The slice is too large, or moves too much, to be proved in one piece; these pieces cover it. */
    record Split(List<Slice> pieces) implements Outcome {}

    /** The slice could not be proved in this sweep, so the sweep removes nothing. */
    record Unproved(String reason) implements Outcome {}

    /** The source gave no data at all; there is no point in reading further slices now. */
    record Unread(String reason) implements Outcome {}

    /** The outcome of a reading that a failure ended. A database's message quotes values, so only its code is passed on. */
    static Outcome of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransformFailed) {
                return new Unread(cause.getMessage() + ": " + names(cause.getCause()));
            } else if (cause instanceof SourceException.Rejected) {
                return new Unproved(cause.getMessage());
            } else if (cause instanceof SourceException || cause instanceof Lease.Lost) {
                return new Unread(cause.getMessage());
            } else if (cause instanceof IOException) {
                return new Unread("the source cannot be reached: "
                        + (cause instanceof SSLException
                                ? cause.getMessage()
                                : cause.getClass().getSimpleName()));
            } else if (cause instanceof SQLException sql) {
                return new Unread("the database refuses: error " + sql.getErrorCode() + ", state " + sql.getSQLState());
            }
        }
        return new Unread("unexpected " + failure.getClass().getName());
    }

    /** What can be told of a failure in a route that we do not know: of a database its code, and else what kinds of failures led to it. */
    private static String names(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(cause -> cause.getClass().getSimpleName()
                        + (cause instanceof SQLException sql
                                ? " (error " + sql.getErrorCode() + ", state " + sql.getSQLState() + ")"
                                : ""))
                .distinct()
                .collect(Collectors.joining(", because of "));
    }

    /** Whether the database only rolled back because of others, so that the same may succeed when it is repeated. */
    static boolean isPassing(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof TransientDataAccessException
                        // Nobody translates this one.
                        || cause instanceof SQLException sql && sql.getErrorCode() == LOCK_WAIT_TIMEOUT);
    }

    /** Why a failure ended something, in words that quote nothing of an offer. */
    static String reason(Throwable failure) {
        Outcome outcome = of(failure);
        return outcome instanceof Unread unread ? unread.reason() : ((Unproved) outcome).reason();
    }
}
