package fr.relais.audit;

import com.fasterxml.jackson.databind.JsonNode;
import fr.relais.database.UtcTime;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.offer.Difference;
import fr.relais.source.OfferAnswer;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The comparisons of random offers with the source. They test that the mirror does not alter the content (licence,
 * article 1.1). Their results are in the ledger.
 */
public final class SelfAudits {

    private static final Logger LOG = LoggerFactory.getLogger("fr.relais.audit");

    /** How long no other process begins a self-audit. The schedules of all processes are due at the same moment. */
    private static final Duration CLAIM_DURATION = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Ledger ledger;
    private final Clock clock;

    public SelfAudits(JdbcClient jdbc, TransactionOperations transaction, Ledger ledger, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Begins a self-audit. Returns null when one has begun within the last hour. */
    public RunningAudit begin() {
        Instant now = clock.instant();
        int rows = jdbc.sql("update lease set expires_at = :until where name = 'self-audit' and expires_at <= :now")
                .param("until", UtcTime.of(now.plus(CLAIM_DURATION)))
                .param("now", UtcTime.of(now))
                .update();
        return rows == 1 ? new RunningAudit() : null;
    }

    /**
     * Compares an offer of the mirror with the source's answer for its id. At the first look, an offer that differs is
     * only suspected, because some updates of the source do not change {@code dateActualisation}.
     *
     * @param id the id of the offer
     * @param content its JSON in the mirror
     */
    public void compare(RunningAudit audit, OfferAnswer answer, String id, String content) {
        if (!answer.isShown()) {
            audit.countGone();
            return;
        }
        Difference difference = Difference.of(
                content.getBytes(StandardCharsets.UTF_8), answer.offer().json());
        if (difference.isUpdate()) {
            audit.countChanged();
        } else if (difference.fields().isEmpty()) {
            audit.countEqual();
        } else {
            audit.countDifferent(id, difference.fields());
        }
    }

    /**
     * Begins the second look at the suspected offers, which a sweep has read again.
     *
     * @param sweep the sweep; null when another process was sweeping
     * @return the ids of the offers; empty when the sweep was not proved, so that nothing can be decided
     */
    public List<String> beginSecondLook(RunningAudit audit, SweepSummary sweep) {
        if (sweep == null || sweep.state() != SweepState.PROVED) {
            return List.of();
        }
        audit.beginSecondLook();
        return audit.suspects();
    }

    /** Counts an offer for which the source gave no usable answer. */
    public void recordUnanswered(RunningAudit audit) {
        audit.countUnanswered();
    }

    /** Adds the result to the ledger, unless no offer could be compared. */
    public void end(RunningAudit audit) {
        SelfAudit result = audit.result(clock.instant().truncatedTo(ChronoUnit.MILLIS));
        if (result.compared() == 0) {
            LOG.warn("The self-audit has no result, because no offer could be compared");
            return;
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("equal", result.equal());
        facts.put("changed", result.changed());
        facts.put("gone", result.gone());
        facts.put("unanswered", result.unanswered());
        facts.put("different", result.different());
        facts.put("fields", result.fields());
        facts.put("bound", result.bound());
        transaction.executeWithoutResult(status -> ledger.append(Kind.SELF_AUDIT, facts));
        if (result.different() > 0) {
            LOG.error(
                    "{} of {} random offers differ from the source, in the fields {}",
                    result.different(),
                    result.compared(),
                    result.fields());
        } else {
            LOG.info("{} random offers are equal to the source's", result.compared());
        }
    }

    /** Returns the result of the last self-audit; empty when there was none. */
    public Optional<SelfAudit> last() {
        return ledger.last(Kind.SELF_AUDIT).flatMap(LedgerEntry::content).map(SelfAudits::result);
    }

    private static SelfAudit result(LedgerEntry.Content entry) {
        JsonNode facts = entry.data();
        List<String> fields = new ArrayList<>();
        facts.path("fields").forEach(field -> fields.add(field.asText()));
        return new SelfAudit(
                entry.at(),
                facts.path("equal").asInt(),
                facts.path("changed").asInt(),
                facts.path("gone").asInt(),
                facts.path("unanswered").asInt(),
                facts.path("different").asInt(),
                fields);
    }
}
