package fr.relais.changelog;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A Flyway migration that was applied to the database.
 *
 * @param checksum the checksum of its file, as Flyway computes it
 */
public record Migration(String version, String description, int checksum) {

    /** Reads the applied migrations, oldest first. */
    public static List<Migration> applied(JdbcClient jdbc) {
        return jdbc.sql("""
                select version, description, checksum from relais_schema_history
                where success and type = 'SQL' order by installed_rank""").query(Migration.class).list();
    }
}
