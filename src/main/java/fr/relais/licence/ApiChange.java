package fr.relais.licence;

import fr.relais.database.UtcTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * A notice of a change of the API (article 3.2). The source must give it two months in advance.
 *
 * @param informedOn the day of the notice, in Europe/Paris
 * @param effectiveOn the day from which the API is changed, in Europe/Paris
 * @param summary what changes, in one line
 * @param withdrawnAt when the notice was withdrawn because it was a mistake, otherwise null
 * @param withdrawnBy who withdrew it, otherwise null
 */
public record ApiChange(
        long id,
        LocalDate informedOn,
        LocalDate effectiveOn,
        String summary,
        Instant recordedAt,
        String recordedBy,
        Instant withdrawnAt,
        String withdrawnBy) {

    private static final int MONTHS = 2;
    private static final List<Integer> REMINDERS = List.of(30, 10, 1);

    /** Returns the earliest day on which a change may take effect. */
    public static LocalDate earliestEffect(LocalDate informedOn) {
        return informedOn.plusMonths(MONTHS);
    }

    /** Returns whether the source gave the notice too late. */
    public boolean isShortNotice() {
        return effectiveOn.isBefore(earliestEffect(informedOn));
    }

    /** Returns the day of the change as a deadline, which reminds until the end of that day. */
    public Deadline deadline() {
        return new Deadline(effectiveOn, REMINDERS);
    }

    static ApiChange read(ResultSet row, int number) throws SQLException {
        return new ApiChange(
                row.getLong("id"),
                row.getObject("informed_on", LocalDate.class),
                row.getObject("effective_on", LocalDate.class),
                row.getString("summary"),
                UtcTime.instant(row, "recorded_at"),
                row.getString("recorded_by"),
                UtcTime.instant(row, "withdrawn_at"),
                row.getString("withdrawn_by"));
    }
}
