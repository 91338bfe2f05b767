package fr.relais.report;

import java.time.Instant;
import java.time.YearMonth;

/**
 * The report of one month, as it was frozen; before that, as it is by now.
 *
 * @param state {@code open}: views are counted; {@code prepared}: frozen, to be sent; {@code submitting}: given to the mail server, whose
 *     answer is not known; {@code accepted} by it; {@code confirmed}: seen in a mailbox of our own; {@code failed}: refused for good
 * @param openedAt since when views are counted in it
 * @param preparedAt when it was frozen, whole seconds, or null
 * @param withRobots whether it tells of views by robots too
 * @param withZeros whether it has a line for each offer that nobody looked at
 * @param views in total, as reported
 * @param offers lines
 * @param sha256 of the CSV, or null while open
 * @param attempts to send it
 * @param submittedAt of the last one, or null
 * @param reply what the mail server said last, or null
 * @param reason why it is not sent, or null
 * @param isForgotten whether only these totals are left of it
 */
public record MonthlyReport(
        YearMonth month,
        String state,
        Instant openedAt,
        Instant preparedAt,
        boolean withRobots,
        boolean withZeros,
        long views,
        long offers,
        String sha256,
        int attempts,
        Instant submittedAt,
        String reply,
        String reason,
        boolean isForgotten) {

    /** Whether the mail server has it. */
    public boolean isSent() {
        return state.equals("accepted") || state.equals("confirmed");
    }

    /** What a person must do about it, in one sentence, when it is not sent. */
    public String trouble() {
        String why = reason == null ? "" : " (" + reason + ")";
        String resend = "report " + month + " --resend";
        return switch (state) {
            case "failed" ->
                "The mail server refuses the report of " + month + why + ": correct what it says, then " + resend;
            case "submitting" ->
                "Nobody knows whether the mail server has taken the report of " + month + why
                        + ": ask the recipient, and if it has not come, " + resend;
            default ->
                "The report of " + month + " could not be sent yet" + why + "; it is tried again every few hours";
        };
    }
}
