package fr.relais.web.access;

import fr.relais.database.UnloggedTransaction;
import fr.relais.database.UtcTime;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.web.CachedValue;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The table {@code api_key}: the keys of sites, which open the API, and those of operators and auditors, which open the
 * console. It stores only the SHA-256 of each key. A salt is not needed, because nobody can guess 256 random bits.
 */
@Component
public class ApiKeys {

    private static final int KEY_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** How long the service accepts a key that was revoked. */
    private static final Duration MAX_AGE = Duration.ofSeconds(3);

    /**
     * How long after a revocation the service may still count views that are reported with the key. A request that was
     * accepted just before the key was refused ends within three seconds.
     */
    public static final Duration REVOCATION_DELAY = MAX_AGE.plusSeconds(3);

    /**
     * The holder of a key.
     *
     * @param role {@link Access#SITE}, {@link Access#OPERATOR} or {@link Access#AUDITOR}
     */
    public record Holder(String name, String role) {

        /** Returns the name, and whether the holder is an operator or an auditor. */
        @Override
        public String toString() {
            return role.equals(Access.SITE) ? name : name + " (" + role.toLowerCase(Locale.ROOT) + ")";
        }
    }

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Ledger ledger;
    private final CachedValue<Map<ByteBuffer, Holder>> holdersByHash = new CachedValue<>(this::holdersByHash, MAX_AGE);

    ApiKeys(@Qualifier("webJdbc") JdbcTemplate jdbc) {
        this.jdbc = JdbcClient.create(jdbc);
        transaction = new UnloggedTransaction(new JdbcTransactionManager(jdbc.getDataSource()));
        ledger = new Ledger(this.jdbc, Clock.systemUTC());
    }

    /**
     * Creates a key for a site.
     *
     * @param name 1 to 64 letters, digits, dots, dashes or underscores
     * @return the key, which cannot be read again
     * @throws UnusableKeyName when the name is taken, too long or empty, or has other characters
     */
    public String add(String name) {
        return add(new Holder(name, Access.SITE));
    }

    /** Creates a key for an operator; otherwise like {@link #add}. */
    public String addOperator(String name) {
        return add(new Holder(name, Access.OPERATOR));
    }

    /** Creates a key for an auditor; otherwise like {@link #add}. */
    public String addAuditor(String name) {
        return add(new Holder(name, Access.AUDITOR));
    }

    private String add(Holder holder) {
        String name = holder.name();
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new UnusableKeyName("The name of a key must be 1 to 64 letters, digits, dots, dashes or underscores");
        }
        byte[] bits = new byte[KEY_BYTES];
        RANDOM.nextBytes(bits);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.sql("insert into api_key (name, role, hash, created_at) values (:name, :role, :hash, :now)")
                        .param("name", name)
                        .param("role", holder.role())
                        .param("hash", DigestUtils.sha256(key))
                        .param("now", UtcTime.of(Instant.now()))
                        .update();
                record("added", name, holder.role());
            });
            return key;
        } catch (DuplicateKeyException e) {
            throw new UnusableKeyName("A key named " + name + " already exists; revoke it first");
        }
    }

    /** Revokes a key. The service refuses it within seconds. Returns false when there is no key of this name. */
    public boolean revoke(String name) {
        return transaction.execute(status -> {
            int rows = jdbc.sql("delete from api_key where name = :name")
                    .param("name", name)
                    .update();
            if (rows == 1) {
                record("revoked", name, null);
            }
            return rows == 1;
        });
    }

    /** @param role null for a key that is revoked */
    private void record(String change, String name, String role) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("change", change);
        facts.put("name", name);
        if (role != null) {
            facts.put("role", role);
        }
        ledger.append(Kind.KEY, facts);
    }

    /** Returns the holders of all keys. */
    public List<Holder> holders() {
        return jdbc.sql("select name, role from api_key order by name")
                .query(Holder.class)
                .list();
    }

    /** Returns the holder of a key; empty when there is no such key. A key that was just created may be unknown. */
    Optional<Holder> holder(String key) {
        return Optional.ofNullable(holdersByHash.get().get(ByteBuffer.wrap(DigestUtils.sha256(key))));
    }

    /** Returns the operator or auditor with this name and key; empty when there is none. */
    Optional<ConsoleUser> consoleUser(String name, String key) {
        return holder(key)
                .filter(holder -> holder.name().equals(name) && !holder.role().equals(Access.SITE))
                .map(holder -> new ConsoleUser(name, holder.role(), ByteBuffer.wrap(DigestUtils.sha256(key))));
    }

    /** Returns whether the person's key exists. The password of the settings is always valid. */
    boolean isValid(ConsoleUser user) {
        return user.hash() == null
                || new Holder(user.name(), user.role())
                        .equals(holdersByHash.get().get(user.hash()));
    }

    /**
     * Creates the first key of an operator, with the name {@code operator}.
     *
     * @return the key; empty when there is an operator already, or when the name is taken
     */
    public Optional<String> addFirstOperator() {
        if (holders().stream().anyMatch(holder -> holder.role().equals(Access.OPERATOR))) {
            return Optional.empty();
        }
        try {
            return Optional.of(addOperator(SignIn.NAME));
        } catch (UnusableKeyName e) {
            // Another process that has started at the same time has printed its key.
            return Optional.empty();
        }
    }

    private Map<ByteBuffer, Holder> holdersByHash() {
        Map<ByteBuffer, Holder> holders = new HashMap<>();
        jdbc.sql("select hash, name, role from api_key").query(row -> {
            holders.put(ByteBuffer.wrap(row.getBytes(1)), new Holder(row.getString(2), row.getString(3)));
        });
        return holders;
    }
}
