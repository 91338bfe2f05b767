package fr.relais.app;

import fr.relais.Settings;
import fr.relais.report.MonthUnavailable;
import fr.relais.source.SourceException;
import fr.relais.sweep.Lease;
import java.io.IOException;
import java.net.BindException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import org.apache.camel.FailedToCreateRouteException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Turns what stops the start into one message that says what is wrong and what to do, without a stack trace. */
public final class StartFailureAnalyzer implements FailureAnalyzer {

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            FailureAnalysis analysis = analyzeOne(cause, failure);
            if (analysis != null) {
                return analysis;
            }
        }
        return null;
    }

    /** The same for a failure after the start. */
    static String describe(Throwable failure) {
        FailureAnalysis analysis = new StartFailureAnalyzer().analyze(failure);
        return analysis == null ? String.valueOf(failure) : analysis.getDescription() + "\n" + analysis.getAction();
    }

    /** Whether Spring Boot has told it already: its start rethrows what it reported. */
    static boolean isReported(Throwable failure) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getClassName().equals("org.springframework.boot.SpringApplication")) {
                return true;
            }
        }
        return failure.getCause() != null && isReported(failure.getCause());
    }

    private static FailureAnalysis analyzeOne(Throwable cause, Throwable failure) {
        if (cause instanceof Settings.Wrong) {
            return new FailureAnalysis(
                    cause.getMessage(), "Correct the setting; relais.properties in the jar explains each.", failure);
        }
        if (cause instanceof Lease.Lost) {
            return new FailureAnalysis(
                    "The sweep was given up: " + cause.getMessage(),
                    "Its result is on the console of the other.",
                    failure);
        }
        if (cause instanceof SourceException.AccountRefused) {
            return new FailureAnalysis(
                    cause.getMessage(), "Compare the settings with the account at the source's portal.", failure);
        }
        // A port that is in use is told by Spring Boot.
        if (cause instanceof SourceException || cause instanceof IOException && !(cause instanceof BindException)) {
            return new FailureAnalysis(
                    "The source cannot be used: " + (cause instanceof SourceException ? cause.getMessage() : cause),
                    "Check relais.source.base-url, relais.source.token-url and the network.",
                    failure);
        }
        if (cause instanceof SQLException sql) {
            return new FailureAnalysis(
                    // Only what is said of the connection quotes no value.
                    "The database cannot be used: "
                            + (cause instanceof SQLNonTransientConnectionException
                                            || cause instanceof SQLInvalidAuthorizationSpecException
                                    ? sql.getMessage()
                                    : "error " + sql.getErrorCode() + ", state " + sql.getSQLState()),
                    "Check spring.datasource.url, spring.datasource.username and spring.datasource.password.",
                    failure);
        }
        if (cause instanceof IllegalArgumentException
                && cause.getMessage() != null
                && cause.getMessage().startsWith("Sweep ")) {
            return new FailureAnalysis(cause.getMessage(), "The console lists the sweeps and their states.", failure);
        }
        if (cause instanceof MonthUnavailable month) {
            return new FailureAnalysis(month.getMessage(), month.remedy(), failure);
        }
        if (cause instanceof IllegalArgumentException
                && cause.getMessage() != null
                && cause.getMessage().matches("The(re is a| name of a) key .*")) {
            return new FailureAnalysis(cause.getMessage(), "The verb's --help says what it takes.", failure);
        }
        if (cause instanceof FailedToCreateRouteException) {
            return new FailureAnalysis(
                    cause.getMessage(), "Correct the route file; relais.routes says where it comes from.", failure);
        }
        if (cause instanceof IllegalArgumentException
                && cause.getMessage() != null
                && cause.getMessage().startsWith("The connections ")) {
            return new FailureAnalysis(
                    cause.getMessage(), "Check spring.datasource.url and spring.datasource.hikari.*.", failure);
        }
        if (cause instanceof IllegalArgumentException
                && cause.getMessage() != null
                && cause.getMessage().startsWith("Route file ")) {
            return new FailureAnalysis(cause.getMessage(), "Correct the file, or the setting relais.routes.", failure);
        }
        return null;
    }
}
