package fr.relais.licence;

import fr.relais.database.UtcTime;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.licence.LicenceNotice.Decision;
import fr.relais.licence.LicenceStatus.State;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The notices of new versions of the licence (article 2) and of changes of the API (article 3.2), in the tables {@code
 * licence_notice} and {@code api_change}. Each write is an entry of the ledger, too. Nothing is deleted: a mistake is
 * withdrawn, and the correct notice is recorded. Persons are names of at most 64 characters; longer names are cut.
 */
public final class LicenceRegister {

    private static final LocalDate EARLIEST = LocalDate.of(2000, 1, 1);
    private static final int LONGEST_NOTICE_IN_YEARS = 10;
    private static final int LONGEST_SUMMARY = 500;
    private static final int LONGEST_FILE_NAME = 255;
    private static final int LONGEST_PERSON = 64;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Ledger ledger;
    private final Clock clock;

    /** @param transaction at level READ COMMITTED */
    public LicenceRegister(JdbcClient jdbc, TransactionOperations transaction, Ledger ledger, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Returns what the notices say now. */
    public LicenceStatus status() {
        return new LicenceStatus(
                jdbc.sql("select * from licence_notice order by id")
                        .query(LicenceNotice::read)
                        .list(),
                clock.instant());
    }

    /** Returns the name of the version in force; empty while the version before all notices is in force. */
    public Optional<String> versionInForce() {
        return status().inForce().map(LicenceNotice::version);
    }

    /** Returns the notices of changes of the API that are not withdrawn, the first to take effect first. */
    public List<ApiChange> apiChanges() {
        return jdbc.sql("select * from api_change where withdrawn_at is null order by effective_on, id")
                .query(ApiChange::read)
                .list();
    }

    /**
     * Records a notice of a new version.
     *
     * @param informedOn the day of the notice, in Europe/Paris
     * @throws RegisterRefusal when the name or the date is unusable, or the version is in the register already
     */
    public LicenceNotice recordNotice(String version, LocalDate informedOn, LicenceText text, String person) {
        if (!version.matches("[A-Za-z0-9._-]{1,32}")) {
            throw RegisterRefusal.unusable(
                    "The name of a version", "1 to 32 letters, digits, dots, dashes or underscores");
        }
        requirePast(informedOn);
        return transaction.execute(status -> {
            try {
                jdbc.sql("""
                        insert into licence_notice (version, informed_on, file, sha256, recorded_at, recorded_by)
                        values (:version, :informedOn, :file, :sha256, :now, :person)""")
                        .param("version", version)
                        .param("informedOn", informedOn)
                        .param("file", cut(text.name(), LONGEST_FILE_NAME))
                        .param("sha256", text.sha256())
                        .param("now", UtcTime.of(clock.instant()))
                        .param("person", cut(person, LONGEST_PERSON))
                        .update();
            } catch (DuplicateKeyException e) {
                throw RegisterRefusal.knownVersion(standing(version));
            }
            LicenceNotice notice = standing(version);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("informedOn", informedOn.toString());
            facts.put("file", notice.file());
            facts.put("sha256", notice.sha256());
            append("notice", "version", version, facts, notice.recordedBy());
            return notice;
        });
    }

    /**
     * Accepts a version. A refused version can be accepted at any time, an undecided one until its deadline.
     *
     * @throws RegisterRefusal when the version is unknown, accepted already, or in force
     */
    public LicenceNotice accept(String version, String person) {
        return decide(version, Decision.ACCEPTED, person);
    }

    /**
     * Refuses a version. This only records the refusal.
     *
     * @throws RegisterRefusal when the version is unknown or decided, or when its deadline is over
     */
    public LicenceNotice refuse(String version, String person) {
        return decide(version, Decision.REFUSED, person);
    }

    private LicenceNotice decide(String version, Decision decision, String person) {
        return transaction.execute(status -> {
            LicenceNotice notice = standing(version);
            Instant now = clock.instant();
            State state = new LicenceStatus(List.of(notice), now).state(notice);
            boolean isOpen = state == State.PENDING || state == State.REFUSED && decision == Decision.ACCEPTED;
            if (!isOpen) {
                throw RegisterRefusal.decided(notice, state);
            }
            jdbc.sql("""
                    update licence_notice set decision = :decision, decided_at = :now, decided_by = :person
                    where id = :id""")
                    .param("decision", decision.name())
                    .param("now", UtcTime.of(now))
                    .param("person", cut(person, LONGEST_PERSON))
                    .param("id", notice.id())
                    .update();
            LicenceNotice decided = standing(version);
            append(decision.toString(), "version", version, Map.of(), decided.decidedBy());
            return decided;
        });
    }

    /**
     * Withdraws the notice of a version, because it was a mistake. The same version can then be recorded again.
     *
     * @throws RegisterRefusal when the version is unknown
     */
    public void withdraw(String version, String person) {
        transaction.executeWithoutResult(status -> {
            String name = cut(person, LONGEST_PERSON);
            withdraw("licence_notice", standing(version).id(), name);
            append("withdrawn", "version", version, Map.of(), name);
        });
    }

    /**
     * Records a notice of a change of the API.
     *
     * @param summary what changes: one line of at most 500 characters
     * @throws RegisterRefusal when a date or the summary is unusable
     */
    public ApiChange recordApiChange(LocalDate informedOn, LocalDate effectiveOn, String summary, String person) {
        requirePast(informedOn);
        if (effectiveOn.isBefore(informedOn) || effectiveOn.isAfter(informedOn.plusYears(LONGEST_NOTICE_IN_YEARS))) {
            throw RegisterRefusal.implausible(effectiveOn);
        }
        if (summary.isBlank()
                || summary.length() > LONGEST_SUMMARY
                || summary.lines().count() > 1) {
            throw RegisterRefusal.unusable("The summary", "one line of at most " + LONGEST_SUMMARY + " characters");
        }
        return transaction.execute(status -> {
            jdbc.sql("""
                    insert into api_change (informed_on, effective_on, summary, recorded_at, recorded_by)
                    values (:informedOn, :effectiveOn, :summary, :now, :person)""")
                    .param("informedOn", informedOn)
                    .param("effectiveOn", effectiveOn)
                    .param("summary", summary.strip())
                    .param("now", UtcTime.of(clock.instant()))
                    .param("person", cut(person, LONGEST_PERSON))
                    .update();
            ApiChange change = apiChange(
                    jdbc.sql("select last_insert_id()").query(Long.class).single());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("informedOn", informedOn.toString());
            facts.put("effectiveOn", effectiveOn.toString());
            facts.put("summary", change.summary());
            append("api-change", "apiChange", change.id(), facts, change.recordedBy());
            return change;
        });
    }

    /**
     * Withdraws the notice of a change of the API, because it was a mistake.
     *
     * @throws RegisterRefusal when there is no such notice
     */
    public void withdrawApiChange(long id, String person) {
        transaction.executeWithoutResult(status -> {
            String name = cut(person, LONGEST_PERSON);
            withdraw("api_change", apiChange(id).id(), name);
            append("api-change-withdrawn", "apiChange", id, Map.of(), name);
        });
    }

    private void requirePast(LocalDate informedOn) {
        LocalDate today = Deadline.day(clock.instant());
        if (informedOn.isAfter(today)) {
            throw RegisterRefusal.inTheFuture(informedOn, today);
        } else if (informedOn.isBefore(EARLIEST)) {
            throw RegisterRefusal.implausible(informedOn);
        }
    }

    private void withdraw(String table, long id, String person) {
        jdbc.sql("update " + table + " set withdrawn_at = :now, withdrawn_by = :person where id = :id")
                .param("now", UtcTime.of(clock.instant()))
                .param("person", person)
                .param("id", id)
                .update();
    }

    private void append(String event, String subject, Object name, Map<String, ?> facts, String person) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("event", event);
        data.put(subject, name);
        data.putAll(facts);
        data.put("by", person);
        ledger.append(Kind.LICENCE, data);
    }

    /** Returns the notice of a version that is not withdrawn, and locks it until the end of the transaction. */
    private LicenceNotice standing(String version) {
        return jdbc.sql("select * from licence_notice where standing = :version for update")
                .param("version", version)
                .query(LicenceNotice::read)
                .optional()
                .orElseThrow(() -> RegisterRefusal.unknown("version " + version));
    }

    private ApiChange apiChange(long id) {
        return jdbc.sql("select * from api_change where id = :id and withdrawn_at is null for update")
                .param("id", id)
                .query(ApiChange::read)
                .optional()
                .orElseThrow(() -> RegisterRefusal.unknown("API change " + id));
    }

    private static String cut(String text, int length) {
        return text.substring(0, Math.min(text.length(), length));
    }
}
