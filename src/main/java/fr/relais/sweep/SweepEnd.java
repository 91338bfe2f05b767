package fr.relais.sweep;

import fr.relais.database.UtcTime;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The end of a sweep: its counts, its certificate and its entry in the ledger. All methods must be called in the
 * transaction that changes the state of the sweep; those that write to the ledger, as its last statement.
 */
final class SweepEnd {

    /** The ids of the offers on the pages that sweeps have read, as a table expression. */
    private static final String SEEN = """
            sighting, json_table(offer_ids, '$[*]'
              columns (id varchar(64) character set ascii collate ascii_bin path '$')) seen""";

    private final JdbcClient jdbc;
    private final SweepHistory history;
    private final Certificates certificates;
    private final Ledger ledger;
    private final Duration keep;
    private final Clock clock;

    /** @param keep the retention of sweeps */
    SweepEnd(
            JdbcClient jdbc,
            SweepHistory history,
            Certificates certificates,
            Ledger ledger,
            Duration keep,
            Clock clock) {
        this.jdbc = jdbc;
        this.history = history;
        this.certificates = certificates;
        this.ledger = ledger;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * Ends the sweep in the given state and stores its counts, unless an earlier step or another process has already
     * ended it. An approved sweep was counted when it was held. Its sightings were deleted then.
     *
     * @param calls the calls of this process to the source
     * @return whether this call has ended the sweep
     */
    boolean store(Sweep sweep, SweepState state, String reason, long calls) {
        int rows = jdbc.sql("""
                update sweep w set
                  state = :state, reason = left(:reason, 500), ended_at = :now, calls = calls + :calls,
                  created = if(approved, created,
                    (select count(*) from offer where changed_sweep = w.id and created_sweep = w.id)),
                  updated = if(approved, updated,
                    (select count(*) from offer where changed_sweep = w.id and created_sweep <> w.id)),
                  unchanged = if(approved, unchanged,
                    (select count(distinct seen.id) from %s where sweep_id = w.id) - created - updated),
                  removed = (select count(*) from removal where sweep_id = w.id and outcome = 'removed'),
                  out_of_scope = (select count(*) from removal
                    where sweep_id = w.id and outcome = 'out of scope' and offer_id not in (select id from offer)),
                  kept = (select count(*) from removal
                    where sweep_id = w.id and offer_id in (select id from offer)),
                  undecided = (select count(*) from removal where sweep_id = w.id and outcome = 'undecided'),
                  set_aside = (select count(distinct hash) from set_aside where sweep_id = w.id)
                where id = :id and fence = :fence and state in ('reading', 'removing')""".formatted(SEEN))
                .param("state", state.toString())
                .param("reason", reason)
                .param("now", UtcTime.of(clock.instant()))
                .param("calls", calls)
                .param("id", sweep.id())
                .param("fence", sweep.fence())
                .update();
        return rows == 1;
    }

    /** Ends a sweep that a dead process left, and stores its counts. The calls of that process are unknown. */
    void storeAbandoned(Sweep sweep) {
        store(sweep, SweepState.ABANDONED, history.of(sweep.id()).reason(), 0);
    }

    /** Records the undecided offers of the ended sweep, and deletes what no later sweep needs. */
    void deleteWorkingData(Sweep sweep) {
        recordUndecided(sweep);
        // Candidates include the ids of removed offers, which must not be kept. A held sweep has removed nothing.
        jdbc.sql("delete from removal where sweep_id not in (select id from sweep where id = :id and state = 'held')")
                .param("id", sweep.id())
                .update();
        jdbc.sql("delete from set_aside where sweep_id < :id")
                .param("id", sweep.id())
                .update();
        jdbc.sql("delete from sighting").update();
        // The next sweep is planned from the slices of this one.
        jdbc.sql("delete from slice where sweep_id < :id")
                .param("id", sweep.id())
                .update();
        jdbc.sql("update slice set tail = null where sweep_id = :id and tail is not null")
                .param("id", sweep.id())
                .update();
        // The last proved sweep is kept, because its start is the date of the mirror.
        jdbc.sql("delete from sweep where started_at < :earliest and id <"
                        + " (select max(id) from sweep where state in ('proved', 'restored'))")
                .param("earliest", UtcTime.of(clock.instant().minus(keep)))
                .update();
    }

    /** Records since when offers have been undecided. Offers that the sweep has seen are no longer undecided. */
    private void recordUndecided(Sweep sweep) {
        jdbc.sql("delete from undecided where offer_id in (select seen.id from " + SEEN + " where sweep_id = :sweep)")
                .param("sweep", sweep.id())
                .update();
        String undecided = """
                insert ignore into undecided (offer_id, since)
                select o.id, w.started_at
                from sweep w join removal r on r.sweep_id = w.id join offer o on o.id = r.offer_id
                where w.id = :sweep and w.state = 'proved' and r.outcome = 'undecided'""";
        jdbc.sql(undecided).param("sweep", sweep.id()).update();
    }

    /**
     * Records the end of a sweep in the ledger, and stores the certificate of a proved sweep.
     *
     * @param root the root of the mirror for a proved sweep, otherwise null
     */
    void record(long sweepId, MirrorRoot root) {
        SweepSummary sweep = history.of(sweepId);
        List<String> origines = origines(sweepId);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("sweep", sweepId);
        data.put("state", sweep.state().toString());
        data.put("startedAt", sweep.startedAt().toString());
        data.put("endedAt", sweep.endedAt().toString());
        data.put("origines", origines);
        data.put("counts", counts(sweep));
        data.put("reason", sweep.reason());
        data.put("certificate", root == null ? null : certificates.store(sweep, origines, root));
        ledger.append(Kind.SWEEP, data);
    }

    private static Map<String, Long> counts(SweepSummary sweep) {
        Map<String, Long> counts = sweep.counts();
        if (sweep.state() == SweepState.ABANDONED) {
            counts.put("calls", null);
        }
        return counts;
    }

    /**
     * Records the decision of a person about the removals of a held sweep in the ledger.
     *
     * @param decision {@code approved} or {@code refused}
     * @param person the name of the person, or null when it is unknown
     */
    void recordDecision(long sweepId, String decision, String person, long candidates) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("sweep", sweepId);
        data.put("decision", decision);
        data.put("person", person);
        data.put("candidates", candidates);
        ledger.append(Kind.REMOVALS, data);
    }

    private List<String> origines(long sweepId) {
        String origines = jdbc.sql("select origines from sweep where id = :id")
                .param("id", sweepId)
                .query(String.class)
                .single();
        return List.of(origines.split(","));
    }
}
