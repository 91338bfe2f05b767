package fr.relais.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;

/**
 * A notice that a problem has begun or changed its state, or that it is resolved. It quotes nothing of an offer and no
 * secret.
 *
 * @param subject the number of the notice that the problem is about; empty for a kind that has one problem at a time
 * @param state the state of the problem, such as {@code stale}; for a resolved problem, the state in the last alert
 * @param isFiring whether the problem lasts; false when it is resolved
 * @param severity the severity of the problem, also when it is resolved
 * @param at when the watch noticed the state or the end of the problem
 * @param summary one line: the problem, and since when
 * @param meaning the consequences
 * @param remedy one line: what to do, with the exact command
 * @param runbook the address of the runbook for this kind of problem
 */
public record Alert(
        Kind kind,
        String subject,
        String state,
        boolean isFiring,
        Severity severity,
        Instant at,
        String summary,
        String meaning,
        String remedy,
        String runbook) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The kinds of problems. Each has a runbook in the guide. Of some, there may be several problems at a time. */
    public enum Kind {
        ACCOUNT,
        MIRROR,
        HELD_SWEEP,
        INCOMPLETE_SWEEPS,
        UNDECIDED_OFFERS,
        REPORT,
        CHANGELOG,
        EVENTS,
        LICENCE,
        API_CHANGE,
        INACTIVITY,
        WATCH;

        /** Returns the name in alerts, headers and links, such as {@code held-sweep}. */
        @Override
        public String toString() {
            return lowerCase(name());
        }
    }

    /**
     * {@link #CRITICAL}: no offer is shown or mirrored, or Relais cannot know. {@link #WARNING}: a person must act.
     * {@link #INFO}: a person must act only if it lasts, because Relais tries again.
     */
    public enum Severity {
        CRITICAL,
        WARNING,
        INFO;

        @Override
        public String toString() {
            return lowerCase(name());
        }
    }

    static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns {@code firing} or {@code resolved}. */
    public String status() {
        return isFiring ? "firing" : "resolved";
    }

    /** Returns the alert in one line: the summary, and what to do while the problem lasts. */
    public String line() {
        return isFiring ? summary + " " + remedy : summary;
    }

    /** Returns the alert as a text of several lines, for a mail. The first line is the summary. */
    public String text() {
        return """
                %s

                What it means: %s
                What to do: %s
                Runbook: %s

                Kind: %s
                Severity: %s
                State: %s (%s)
                Time: %s
                """.formatted(summary, meaning, remedy, runbook, kind, severity, state, status(), at);
    }

    /** Returns the alert as a JSON object, for a webhook. */
    public String json() {
        ObjectNode json = JSON.createObjectNode()
                .put("kind", kind.toString())
                .put("subject", subject)
                .put("severity", severity.toString())
                .put("status", status())
                .put("state", state)
                .put("at", at.toString())
                .put("summary", summary)
                .put("meaning", meaning)
                .put("remedy", remedy)
                .put("runbook", runbook);
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing strings as JSON cannot fail", e);
        }
    }

    /** Returns the same alert with another time. */
    Alert withTime(Instant time) {
        return new Alert(kind, subject, state, isFiring, severity, time, summary, meaning, remedy, runbook);
    }

    /** Returns whether both alerts are about the same state of the same problem. */
    boolean isSameState(Alert other) {
        return kind == other.kind && subject.equals(other.subject) && state.equals(other.state);
    }

    /** Returns whether the alert is no problem, but only tells that a version of the licence is in force. */
    public boolean isNews() {
        return isNews(kind, state);
    }

    static boolean isNews(Kind kind, String state) {
        return kind == Kind.LICENCE && state.endsWith("-in-force");
    }
}
