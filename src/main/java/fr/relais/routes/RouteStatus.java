package fr.relais.routes;

import java.time.Duration;
import java.time.Instant;

/**
 * A route and what it has done since this process started.
 *
 * @param id the id of the route
 * @param file the name of its file without {@code .camel.yaml}
 * @param description what the route does, as its file says; null when the file does not say
 * @param isTrigger whether the route starts work by itself; otherwise other routes call it
 * @param state Camel's name of its state, such as {@code Started} or {@code Stopped}
 * @param figures the figures of its runs; null when the context has no management (JMX is disabled)
 * @param lastFailure the last failure, or null
 */
public record RouteStatus(
        String id,
        String file,
        String description,
        boolean isTrigger,
        String state,
        Figures figures,
        RouteFailure lastFailure) {

    /** Returns the first sentence of the description; null when there is no description. */
    public String summary() {
        return description == null ? null : description.split("(?<=\\.)\\s", 2)[0];
    }

    /**
     * The figures of a route.
     *
     * @param uptime the time since the route was started
     * @param total the exchanges that have ended
     * @param failed those of them that failed
     * @param inflight the exchanges that have not ended
     * @param mean the mean duration of the exchanges that did not fail; null when there was none
     * @param max the longest duration of such an exchange, or null
     * @param last the duration of the last such exchange, or null
     * @param completedAt when an exchange last ended without a failure, or null
     * @param failedAt when an exchange last failed, or null
     */
    public record Figures(
            Duration uptime,
            long total,
            long failed,
            long inflight,
            Duration mean,
            Duration max,
            Duration last,
            Instant completedAt,
            Instant failedAt) {}
}
