package fr.relais.duty;

import fr.relais.duty.Clause.Exemption;
import fr.relais.duty.Duties.Reading;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The duties in the ledger: an entry with the profile when the profile changes, and an entry with the states of all
 * clauses when one changes. So an audit pack can show the states at an instant, and never computes them anew.
 *
 * <p>A process only adds what has changed since it looked last. Otherwise two processes with different settings would
 * add an entry at each look, forever.
 */
public final class DutyRecord {

    private final Duties duties;
    private final TransactionOperations transaction;
    private final Ledger ledger;
    private Reading recorded;

    public DutyRecord(Duties duties, TransactionOperations transaction, Ledger ledger) {
        this.duties = duties;
        this.transaction = transaction;
        this.ledger = ledger;
    }

    /** Adds the profile and the states to the ledger, if they have changed. */
    public synchronized void addChanges() {
        Reading current = duties.read();
        if (!current.equals(recorded)) {
            transaction.executeWithoutResult(status -> {
                ledger.appendChange(Kind.PROFILE, facts(current.profile()));
                ledger.appendChange(Kind.DUTIES, facts(current.duties()));
            });
            recorded = current;
        }
    }

    private static Map<String, Object> facts(LicenceProfile profile) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", profile.name());
        facts.put("clauses", profile.clauses().stream().map(DutyRecord::facts).toList());
        return facts;
    }

    private static Map<String, Object> facts(Clause clause) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", clause.id());
        facts.put("article", clause.article());
        facts.put("duty", clause.duty());
        facts.put("mechanism", clause.mechanism());
        facts.put("settings", clause.settings());
        facts.put("evidence", clause.evidence());
        facts.put("check", clause.check().toString());
        clause.exemption().ifPresent(exemption -> facts.put("notApplicable", facts(exemption)));
        return facts;
    }

    private static Map<String, String> facts(Exemption exemption) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("reason", exemption.reason());
        facts.put("author", exemption.author());
        facts.put("date", exemption.date().toString());
        return facts;
    }

    // A moment at which a duty breaks comes from a fact, such as a deadline. So it does not move with each look.
    private static Map<String, Object> facts(List<Duty> duties) {
        Map<String, String> states = new LinkedHashMap<>();
        Map<String, String> breaksAt = new LinkedHashMap<>();
        for (Duty duty : duties) {
            String id = duty.clause().id();
            states.put(id, duty.state().toString());
            duty.breaksAt().ifPresent(at -> breaksAt.put(id, at.toString()));
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("states", states);
        facts.put("breaksAt", breaksAt);
        return facts;
    }
}
