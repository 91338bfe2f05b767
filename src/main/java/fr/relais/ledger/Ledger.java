package fr.relais.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.ledger.LedgerEntry.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The record of what Relais did, for an audit (licence, article 13). Each entry contains the hash of the previous one,
 * so that no entry can be changed unnoticed. Entries are only added. They contain no content of an offer, no id of an
 * offer and no secret.
 */
public final class Ledger {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FETCH_SIZE = 1_000;

    private final JdbcClient jdbc;
    private final Clock clock;

    public Ledger(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Adds an entry. Must be called in the transaction of the change that the entry records, as its last statement,
     * because other transactions that add an entry wait until this one ends.
     *
     * @param data the facts by name: texts, numbers, booleans, nulls, and lists and maps of these
     * @return the anchor of the entry
     * @throws IllegalStateException when there is no transaction
     */
    public Anchor append(Kind kind, Map<String, ?> data) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("an entry of the ledger needs the transaction of its change");
        }
        Anchor head = lockHead();
        LedgerEntry entry = LedgerEntry.after(head, timeAfter(head), kind, data);
        jdbc.sql("insert into ledger (number, text, hash) values (:number, :text, :hash)")
                .param("number", entry.number())
                .param("text", entry.text())
                .param("hash", entry.hash())
                .update();
        jdbc.sql("update ledger_head set number = :number, hash = :hash where id = 1")
                .param("number", entry.number())
                .param("hash", entry.hash())
                .update();
        return entry.anchor();
    }

    /**
     * Adds an entry like {@link #append}, unless the last entry of its kind has the same facts. Of several processes
     * that do so at once, one adds the entry.
     */
    public void appendChange(Kind kind, Map<String, ?> data) {
        lockHead();
        JsonNode facts = JSON.valueToTree(data);
        if (last(kind)
                .flatMap(LedgerEntry::content)
                .map(LedgerEntry.Content::data)
                .filter(facts::equals)
                .isEmpty()) {
            append(kind, data);
        }
    }

    private Anchor lockHead() {
        return jdbc.sql("select number, hash from ledger_head where id = 1 for update")
                .query(Anchor.class)
                .single();
    }

    /** Returns the current time, or that of the last entry if the clock of the process that wrote it is ahead. */
    private Instant timeAfter(Anchor head) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return jdbc.sql("select number, text, hash from ledger where number = :number")
                .param("number", head.number())
                .query((row, number) -> entry(row))
                .optional()
                .flatMap(LedgerEntry::content)
                .map(LedgerEntry.Content::at)
                .filter(now::isBefore)
                .orElse(now);
    }

    /** Returns the anchor of the last entry. */
    public Anchor head() {
        return jdbc.sql("select number, hash from ledger_head where id = 1")
                .query(Anchor.class)
                .single();
    }

    /** Returns the last entry of a kind, except damaged ones; empty when there is none. */
    public Optional<LedgerEntry> last(Kind kind) {
        return jdbc.sql("select number, text, hash from ledger where json_valid(text)"
                        + " and json_value(text, '$.kind') = :kind"
                        + " order by number desc limit 1")
                .param("kind", kind.toString())
                .query((row, number) -> entry(row))
                .optional();
    }

    /**
     * Returns entries, newest first.
     *
     * @param before only entries with a lower number
     */
    public List<LedgerEntry> last(long before, int count) {
        return jdbc.sql("select number, text, hash from ledger where number < :before"
                        + " order by number desc limit :count")
                .param("before", before)
                .param("count", count)
                .query((row, number) -> entry(row))
                .list();
    }

    /** Calls the reader with each entry in order. */
    public void read(Consumer<LedgerEntry> reader) {
        jdbc.sql("select number, text, hash from ledger order by number")
                .withFetchSize(FETCH_SIZE)
                .query(row -> {
                    reader.accept(entry(row));
                });
    }

    /**
     * Checks every entry.
     *
     * @param known an anchor from elsewhere, such as the monthly mail, that the ledger must contain
     */
    public Verification verify(Optional<Anchor> known) {
        ChainCheck check = new ChainCheck(known);
        Anchor[] head = new Anchor[1];
        // One statement sees the entries and the head at the same moment.
        jdbc.sql("""
                select h.number as head_number, h.hash as head_hash, l.number, l.text, l.hash
                from (select 1) always left join ledger_head h on h.id = 1 left join ledger l on true
                order by l.number""").withFetchSize(FETCH_SIZE).query(row -> {
            head[0] = row.getString("head_hash") == null
                    ? Anchor.START
                    : new Anchor(row.getLong("head_number"), row.getString("head_hash"));
            if (row.getString("text") != null) {
                check.next(entry(row));
            }
        });
        return check.end(head[0]);
    }

    private static LedgerEntry entry(ResultSet row) throws SQLException {
        return new LedgerEntry(row.getLong("number"), row.getString("text"), row.getString("hash"));
    }
}
