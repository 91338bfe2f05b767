package fr.relais.changelog;

import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;

/**
 * A Flyway migration of the database.
 *
 * @param checksum the checksum of its file, as Flyway computes it
 */
public record Migration(String version, String description, int checksum) {

    /** Returns the migrations that were applied or will be, oldest first. */
    public static List<Migration> of(MigrationInfoService flyway) {
        return Stream.of(flyway.all())
                .filter(migration -> migration.getType() == CoreMigrationType.SQL)
                .filter(migration -> migration.getState().isApplied() || migration.getState() == MigrationState.PENDING)
                .map(migration -> new Migration(
                        migration.getVersion().toString(), migration.getDescription(), migration.getChecksum()))
                .toList();
    }
}
