package fr.relais.changelog;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A step by which the database has come to its present structure.
 *
 * @param checksum of its file
 */
public record Migration(String version, String description, int checksum) {

    /** Those that were applied, oldest first. */
    public static List<Migration> applied(JdbcClient jdbc) {
        return jdbc.sql("""
                select version, description, checksum from relais_schema_history
                where success and type = 'SQL' order by installed_rank""").query(Migration.class).list();
    }
}
