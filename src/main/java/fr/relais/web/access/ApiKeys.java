package fr.relais.web.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code api_key}: who may use the API. Of a key only its SHA-256 is kept, which is enough since nobody can guess 256 random bits. */
@Component
public class ApiKeys {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;

    ApiKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Makes a key.
     *
     * @param name 1 to 64 letters, digits, dots, dashes or underscores
     * @return the key, which nobody can ask for again
     * @throws IllegalArgumentException when the name is taken or unusable
     */
    public String add(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "The name of a key takes 1 to 64 letters, digits, dots, dashes or underscores");
        }
        byte[] bits = new byte[32];
        RANDOM.nextBytes(bits);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        try {
            jdbc.sql("insert into api_key (name, hash, created_at) values (:name, :hash, :now)")
                    .param("name", name)
                    .param("hash", hash(key))
                    .param("now", LocalDateTime.now(ZoneOffset.UTC))
                    .update();
            return key;
        } catch (DuplicateKeyException e) {
            throw new IllegalArgumentException("There is a key of the name " + name + " already; revoke it first", e);
        }
    }

    /** Makes a key useless at once; false when there is none of this name. */
    public boolean revoke(String name) {
        return jdbc.sql("delete from api_key where name = :name")
                        .param("name", name)
                        .update()
                == 1;
    }

    /** The names of all keys. */
    public List<String> names() {
        return jdbc.sql("select name from api_key order by name")
                .query(String.class)
                .list();
    }

    /** The name of a key; nothing when there is no such key. */
    Optional<String> name(String key) {
        return jdbc.sql("select name from api_key where hash = :hash")
                .param("hash", hash(key))
                .query(String.class)
                .optional();
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
