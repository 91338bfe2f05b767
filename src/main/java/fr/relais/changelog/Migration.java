package fr.relais.changelog;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A step towards the present structure of the database.
 *
 * @param checksum that of its file, as Flyway computes it
 */
public record Migration(String version, String description, int checksum) {

    /** Reads the migrations that were applied, the oldest first. */
    public static List<Migration> applied(JdbcClient jdbc) {
        return jdbc.sql("""
                select version, description, checksum from relais_schema_history
                where success and type = 'SQL' order by installed_rank""").query(Migration.class).list();
    }
}
