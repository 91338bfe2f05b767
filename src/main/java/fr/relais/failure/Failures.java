package fr.relais.failure;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.springframework.dao.TransientDataAccessException;

/**
 * Descriptions of failures that quote nothing of an offer (licence, article 7). The message of a database, a parser or
 * a mail server may quote the refused value, so such a failure is described by its type and code only.
 */
public final class Failures {

    /** An error code of MariaDB. */
    private static final int LOCK_WAIT_TIMEOUT = 1205;

    /** The exceptions of Camel that only wrap another one and add no information. */
    private static final Set<String> WRAPPERS =
            Set.of("CamelExchangeException", "CamelExecutionException", "RuntimeCamelException");

    private Failures() {}

    /** Returns the failure, its cause, the cause of that, and so on. */
    public static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    /**
     * Describes the first cause of a known type. Without one, names the type of the first cause that is not a wrapper
     * of Camel.
     */
    public static String describe(Throwable failure) {
        return causes(failure)
                .map(Failures::describeOne)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> "unexpected "
                        + causes(failure)
                                .filter(cause -> !isWrapper(cause))
                                .findFirst()
                                .orElse(failure)
                                .getClass()
                                .getName());
    }

    private static boolean isWrapper(Throwable cause) {
        return cause.getCause() != null && WRAPPERS.contains(cause.getClass().getSimpleName());
    }

    private static String describeOne(Throwable cause) {
        if (cause instanceof RelaisException known) {
            return known.getMessage();
        } else if (cause instanceof SSLException) {
            // The message is about a certificate and quotes nothing of an offer.
            return "the source cannot be reached: " + cause.getMessage();
        } else if (cause instanceof IOException) {
            return "the source cannot be reached: " + cause.getClass().getSimpleName();
        } else if (cause instanceof SQLException sql) {
            return "the database reports " + code(sql);
        }
        return null;
    }

    /**
     * Returns why a route failed: the message of a failure of Relais itself, or otherwise the {@link #types}. {@link
     * #describe} takes an I/O failure for one of the source, but a route may call anything.
     */
    public static String reason(Throwable failure) {
        return causes(failure)
                .filter(RelaisException.class::isInstance)
                .findFirst()
                .map(Throwable::getMessage)
                .orElseGet(() -> types(failure));
    }

    /**
     * Describes the failure of a trigger. Only the triggers of sweeps call the source. Another trigger may call any
     * server or file, so an I/O failure is described by {@link #reason}.
     *
     * @param trigger the id of the route
     */
    public static String describeTriggerFailure(String trigger, Throwable failure) {
        boolean isSweep = trigger.startsWith("relais-sweep-") || trigger.equals("relais-restore-by-timer");
        return !isSweep && causes(failure).anyMatch(IOException.class::isInstance)
                ? reason(failure)
                : describe(failure);
    }

    /**
     * Returns the types of the failure and its causes, without duplicates, and the error codes of the database.
     * Exceptions of Camel that only wrap another one are left out.
     */
    public static String types(Throwable failure) {
        return causes(failure)
                .filter(cause -> !isWrapper(cause))
                .map(cause -> cause.getClass().getSimpleName()
                        + (cause instanceof SQLException sql ? " (" + code(sql) + ")" : ""))
                .distinct()
                .collect(Collectors.joining(", caused by "));
    }

    /** Returns whether the database rolled back because of a concurrent transaction, so that a retry may succeed. */
    public static boolean isTransient(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof TransientDataAccessException
                        // Spring does not translate this error code into a transient exception.
                        || cause instanceof SQLException sql && sql.getErrorCode() == LOCK_WAIT_TIMEOUT);
    }

    private static String code(SQLException failure) {
        return "error " + failure.getErrorCode() + ", state " + failure.getSQLState();
    }
}
