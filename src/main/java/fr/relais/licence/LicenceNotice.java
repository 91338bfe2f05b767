package fr.relais.licence;

import fr.relais.database.UtcTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A notice of a new version of the licence (article 2). The version binds from the 16th day after the notice, unless it
 * is refused by the end of the 15th day, in Europe/Paris.
 *
 * @param version the name of the version: 1 to 32 letters, digits, dots, dashes or underscores
 * @param informedOn the day of the notice
 * @param file the name of the file with the text, which is not stored
 * @param sha256 the SHA-256 of that file, in hexadecimal
 * @param decision null while nobody has decided
 * @param decidedAt null while nobody has decided
 * @param decidedBy null while nobody has decided
 * @param withdrawnAt when the notice was withdrawn because it was a mistake, otherwise null
 * @param withdrawnBy who withdrew it, otherwise null
 */
public record LicenceNotice(
        long id,
        String version,
        LocalDate informedOn,
        String file,
        String sha256,
        Instant recordedAt,
        String recordedBy,
        Decision decision,
        Instant decidedAt,
        String decidedBy,
        Instant withdrawnAt,
        String withdrawnBy) {

    private static final int DAYS = 15;
    private static final List<Integer> REMINDERS = List.of(10, 5, 1);

    /** What the licensee has decided. Without a decision, the version counts as accepted after the deadline. */
    public enum Decision {
        ACCEPTED,
        REFUSED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the deadline of a refusal. */
    public Deadline deadline() {
        return new Deadline(informedOn.plusDays(DAYS), REMINDERS);
    }

    /** Returns since when the version binds; empty when it is refused or the notice is withdrawn. */
    public Optional<Instant> bindsFrom() {
        if (withdrawnAt != null || decision == Decision.REFUSED) {
            return Optional.empty();
        }
        // A person may have refused the version first, and accepted it after the deadline.
        Instant end = deadline().end();
        return Optional.of(decision != null && decidedAt.isAfter(end) ? decidedAt : end);
    }

    static LicenceNotice read(ResultSet row, int number) throws SQLException {
        String decision = row.getString("decision");
        return new LicenceNotice(
                row.getLong("id"),
                row.getString("version"),
                row.getObject("informed_on", LocalDate.class),
                row.getString("file"),
                row.getString("sha256"),
                UtcTime.instant(row, "recorded_at"),
                row.getString("recorded_by"),
                decision == null ? null : Decision.valueOf(decision),
                UtcTime.instant(row, "decided_at"),
                row.getString("decided_by"),
                UtcTime.instant(row, "withdrawn_at"),
                row.getString("withdrawn_by"));
    }

    boolean isRefused() {
        return withdrawnAt == null && decision == Decision.REFUSED;
    }
}
