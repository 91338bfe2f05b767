package fr.relais.web.access;

import fr.relais.database.UtcTime;
import fr.relais.web.CachedValue;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table {@code api_key}: the keys that open the API and the console. It stores only the SHA-256 of each key. A salt
 * is not needed, because nobody can guess 256 random bits.
 */
@Component
public class ApiKeys {

    private static final int KEY_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** How long the service accepts a key that was revoked. */
    private static final Duration MAX_AGE = Duration.ofSeconds(3);

    private final JdbcClient jdbc;
    private final CachedValue<Map<ByteBuffer, String>> namesByHash = new CachedValue<>(this::namesByHash, MAX_AGE);

    ApiKeys(@Qualifier("webJdbc") JdbcOperations jdbc) {
        this.jdbc = JdbcClient.create(jdbc);
    }

    /**
     * Creates a key.
     *
     * @param name 1 to 64 letters, digits, dots, dashes or underscores
     * @return the key, which cannot be read again
     * @throws UnusableKeyName when the name is taken, too long or empty, or has other characters
     */
    public String add(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new UnusableKeyName("The name of a key must be 1 to 64 letters, digits, dots, dashes or underscores");
        }
        byte[] bits = new byte[KEY_BYTES];
        RANDOM.nextBytes(bits);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        try {
            jdbc.sql("insert into api_key (name, hash, created_at) values (:name, :hash, :now)")
                    .param("name", name)
                    .param("hash", DigestUtils.sha256(key))
                    .param("now", UtcTime.of(Instant.now()))
                    .update();
            return key;
        } catch (DuplicateKeyException e) {
            throw new UnusableKeyName("A key named " + name + " already exists; revoke it first");
        }
    }

    /** Revokes a key, which the service then refuses within seconds; returns false when there is no such key. */
    public boolean revoke(String name) {
        return jdbc.sql("delete from api_key where name = :name")
                        .param("name", name)
                        .update()
                == 1;
    }

    /** Returns the names of all keys. */
    public List<String> names() {
        return jdbc.sql("select name from api_key order by name")
                .query(String.class)
                .list();
    }

    /** Returns the name of a key; empty when there is no such key. A key that was just created may be unknown. */
    Optional<String> name(String key) {
        return Optional.ofNullable(namesByHash.get().get(ByteBuffer.wrap(DigestUtils.sha256(key))));
    }

    private Map<ByteBuffer, String> namesByHash() {
        Map<ByteBuffer, String> names = new HashMap<>();
        jdbc.sql("select hash, name from api_key").query(row -> {
            names.put(ByteBuffer.wrap(row.getBytes(1)), row.getString(2));
        });
        return names;
    }
}
