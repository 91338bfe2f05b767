package fr.relais.sweep;

import fr.relais.database.UtcTime;
import fr.relais.source.SourceDrift;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The past and current sweeps of the table {@code sweep}, for reading only. */
public final class SweepHistory {

    private final JdbcClient jdbc;
    private final Clock clock;

    public SweepHistory(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Returns whether the database was restored and no sweep has been proved since. */
    public boolean isRestored() {
        return jdbc.sql("""
                select coalesce((select state = 'restored' from sweep where state in ('proved', 'restored')
                  order by id desc limit 1), false)""").query(Boolean.class).single();
    }

    /** Returns when the first proved sweep began that is still known; empty when there is none. */
    public Optional<Instant> firstProvedStart() {
        return jdbc.sql("select started_at from sweep where state = 'proved' order by id limit 1")
                .query(LocalDateTime.class)
                .optional()
                .map(UtcTime::instant);
    }

    /** Returns when the first sweep began; empty when there is none. */
    public Optional<Instant> firstStart() {
        return jdbc.sql("select started_at from sweep order by id limit 1")
                .query(LocalDateTime.class)
                .optional()
                .map(UtcTime::instant);
    }

    /** Returns when the last sweep began in which the source answered with data; empty when there is none. */
    public Optional<Instant> lastAnswered() {
        return jdbc.sql("""
                select started_at from sweep where state = 'proved' or created + updated + unchanged > 0
                order by id desc limit 1""").query(LocalDateTime.class).optional().map(UtcTime::instant);
    }

    /** Returns the last sweeps, newest first. */
    public List<SweepSummary> last(int count) {
        return jdbc.sql("select * from sweep order by id desc limit :count")
                .param("count", count)
                .query(this::summary)
                .list();
    }

    /** Returns the days on which sweeps started that have ended, from a day on, oldest first. */
    public List<SweepDay> days(LocalDate from) {
        String days = """
                select date(started_at) as day, sum(created) as created, sum(updated) as updated,
                  sum(removed) as removed, avg(timestampdiff(second, started_at, ended_at)) / 60 as minutes
                from sweep where started_at >= :from and ended_at is not null
                group by date(started_at) order by date(started_at)""";
        return jdbc.sql(days).param("from", from).query(SweepDay.class).list();
    }

    /** Returns the number of offers in the mirror. */
    public long offers() {
        return jdbc.sql("select count(*) from offer").query(Long.class).single();
    }

    /** Returns how many of the last ended sweeps in a row were incomplete or abandoned. */
    public int incompleteInRow() {
        return jdbc.sql("""
                select count(*) from sweep
                where state in ('incomplete', 'abandoned') and id > coalesce((select max(id) from sweep
                  where state in ('proved', 'held', 'refused', 'restored')), 0)""").query(Integer.class).single();
    }

    /** Returns the number of candidates for removal, which only a current or held sweep has. */
    public int candidates() {
        return jdbc.sql("select count(*) from removal").query(Integer.class).single();
    }

    /** Returns the offers that the last proved sweep could not decide, or empty when there are none. */
    public Optional<UndecidedOffers> undecided() {
        return jdbc.sql("select count(*) as offers, min(since) as since from undecided")
                .query((row, number) -> row.getInt("offers") == 0
                        ? Optional.<UndecidedOffers>empty()
                        : Optional.of(new UndecidedOffers(row.getInt("offers"), UtcTime.instant(row, "since"))))
                .single();
    }

    /** Returns undecided offers from a position on, at most {@code count}, the longest undecided first. */
    public List<UndecidedOffer> undecided(int first, int count) {
        return jdbc.sql("select offer_id, since from undecided order by since, offer_id limit :count offset :first")
                .param("first", first)
                .param("count", count)
                .query((row, number) -> new UndecidedOffer(row.getString("offer_id"), UtcTime.instant(row, "since")))
                .list();
    }

    /**
     * Returns the records that the last sweep has set aside, the most frequent reason first. A running sweep counts as
     * the last one as soon as it has set a record aside.
     */
    public List<SetAsideRecords> setAside() {
        String records = """
                select sweep_id, reason, count(distinct hash) as records from set_aside
                where sweep_id = (select max(sweep_id) from set_aside)
                group by sweep_id, reason order by records desc, reason limit 100""";
        return jdbc.sql(records).query(SetAsideRecords.class).list();
    }

    /** Returns what is known about the fields of the source's records. */
    public SourceDrift.Overview sourceShape() {
        return SourceDrift.read(jdbc);
    }

    /** Returns the sweep whose removals a person can approve or refuse; empty when there is none. */
    public Optional<HeldRemovals> held() {
        return jdbc.sql("""
                select sweep_id, w.ended_at, sum(outcome = 'pending') as not_seen,
                  sum(outcome = 'out of scope') as out_of_scope
                from sweep w join removal r on r.sweep_id = w.id
                where w.state = 'held' group by sweep_id order by sweep_id desc limit 1""")
                .query((row, number) -> new HeldRemovals(
                        row.getLong("sweep_id"),
                        UtcTime.instant(row, "ended_at"),
                        row.getInt("not_seen"),
                        row.getInt("out_of_scope")))
                .optional();
    }

    /** Returns candidates of a held sweep from a position on, at most {@code count}, in the order of their ids. */
    public List<Candidate> candidates(long heldSweep, int first, int count) {
        return jdbc.sql("""
                select o.id, intitule, outcome
                from (select offer_id, outcome from removal where sweep_id = :sweep
                  order by offer_id limit :count offset :first) candidate
                join offer o on o.id = offer_id order by o.id""")
                .param("sweep", heldSweep)
                .param("first", first)
                .param("count", count)
                .query((row, number) -> new Candidate(
                        row.getString("id"),
                        row.getString("intitule"),
                        "out of scope".equals(row.getString("outcome"))))
                .list();
    }

    /** Returns who has approved the removals of a sweep; empty when nobody has or the name is unknown. */
    public Optional<String> approvedBy(long sweepId) {
        return jdbc.sql("select approved_by from sweep where id = :id and approved_by is not null")
                .param("id", sweepId)
                .query(String.class)
                .optional();
    }

    /**
     * Returns the progress of the current sweep. The offers of a slice count once the slice is proved.
     *
     * @param calls the calls to the source that this process has made for the sweep
     */
    public Progress progress(long calls) {
        String progress = """
                select coalesce(sum(state = 'proved'), 0) as slices, count(*) as slices_known,
                       coalesce(sum(if(state = 'proved', total, 0)), 0) as offers,
                       coalesce(sum(if(state = 'proved', total, expected)), 0) as offers_known, :calls as calls
                from slice where state <> 'split' and sweep_id =
                  (select max(id) from sweep where state in ('reading', 'removing'))""";
        return jdbc.sql(progress).param("calls", calls).query(Progress.class).single();
    }

    /** Returns one sweep; empty when none has this id, or when it was deleted. */
    public Optional<SweepSummary> find(long id) {
        return jdbc.sql("select * from sweep where id = :id")
                .param("id", id)
                .query(this::summary)
                .optional();
    }

    /** Returns one sweep. */
    SweepSummary of(long id) {
        return jdbc.sql("select * from sweep where id = :id")
                .param("id", id)
                .query(this::summary)
                .single();
    }

    private SweepSummary summary(ResultSet row, int number) throws SQLException {
        Instant startedAt = UtcTime.instant(row, "started_at");
        Instant endedAt = UtcTime.instant(row, "ended_at");
        return new SweepSummary(
                row.getLong("id"),
                startedAt,
                SweepState.of(row.getString("state")),
                row.getString("reason"),
                Duration.between(startedAt, endedAt == null ? clock.instant() : endedAt),
                row.getInt("created"),
                row.getInt("updated"),
                row.getInt("unchanged"),
                row.getInt("removed"),
                row.getInt("out_of_scope"),
                row.getInt("kept"),
                row.getInt("undecided"),
                row.getInt("set_aside"),
                row.getLong("calls"));
    }
}
