package fr.relais.app;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import fr.relais.source.SourceException;
import fr.relais.sweep.Lease;
import java.io.IOException;
import java.net.BindException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.camel.FailedToCreateRouteException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The analyzer that turns a failed start into one message: what is wrong and what to do, without a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StartFailureAnalyzer implements FailureAnalyzer {

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        return Failures.causes(failure)
                .map(cause -> analyzeOne(cause, failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Describes a failure after the start in the same way. */
    static String describe(Throwable failure) {
        FailureAnalysis analysis = new StartFailureAnalyzer().analyze(failure);
        return analysis == null ? String.valueOf(failure) : analysis.getDescription() + "\n" + analysis.getAction();
    }

    /** Whether Spring Boot has already reported the failure: it rethrows what it reported. */
    static boolean isReported(Throwable failure) {
        return Failures.causes(failure)
                .flatMap(cause -> Arrays.stream(cause.getStackTrace()))
                .anyMatch(frame -> frame.getClassName().equals(SpringApplication.class.getName()));
    }

    private static FailureAnalysis analyzeOne(Throwable cause, Throwable failure) {
        if (cause instanceof RelaisException known) {
            return new FailureAnalysis(prefix(known) + known.getMessage(), known.remedy(), failure);
        } else if (cause instanceof PortInUseException port) {
            return new FailureAnalysis(
                    "The port " + port.getPort() + " is already in use",
                    "Stop the process that uses it, or set another port: server.port (the site) or"
                            + " management.server.port (metrics and health).",
                    failure);
        } else if (cause instanceof IOException && !(cause instanceof BindException)) {
            // Spring Boot itself reports an address that is not one of this machine.
            return new FailureAnalysis(
                    "The source cannot be used: " + cause,
                    "Check relais.source.base-url, relais.source.token-url and the network.",
                    failure);
        } else if (cause instanceof SQLException sql) {
            return new FailureAnalysis(
                    "The database cannot be used: " + describe(sql),
                    "Check spring.datasource.url, spring.datasource.username and spring.datasource.password.",
                    failure);
        } else if (cause instanceof FailedToCreateRouteException route) {
            return new FailureAnalysis(
                    "The route " + route.getRouteId()
                            + (route.getLocation() == null ? "" : " of " + route.getLocation())
                            + " cannot be created: " + rootMessage(route),
                    "Correct the route file, or the setting that it uses.",
                    failure);
        }
        return null;
    }

    private static String prefix(RelaisException failure) {
        if (failure instanceof Lease.Lost) {
            return "The sweep was given up: ";
        }
        return failure instanceof SourceException && !(failure instanceof SourceException.AccountRefused)
                ? "The source cannot be used: "
                : "";
    }

    /** Quotes the message of the database only if it is about the connection. Other messages may quote a value. */
    private static String describe(SQLException failure) {
        return failure instanceof SQLNonTransientConnectionException
                        || failure instanceof SQLInvalidAuthorizationSpecException
                ? failure.getMessage()
                : "error " + failure.getErrorCode() + ", state " + failure.getSQLState();
    }

    private static String rootMessage(Throwable failure) {
        return Failures.causes(failure)
                .reduce((cause, deeper) -> deeper)
                .map(Throwable::getMessage)
                .orElse("");
    }
}
