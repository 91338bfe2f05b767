package fr.relais.routes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/** A check of the statement of a {@code sql:} endpoint. The database prepares the statement but does not execute it. */
final class SqlStatement {

    /** The problems that are mistakes, by MariaDB's error code. Other errors are ignored. */
    private static final Map<Integer, String> PROBLEMS = Map.of(
            1146, "a table does not exist",
            1054, "a column does not exist",
            1064, "the SQL cannot be read");

    /** The parameters, which Camel replaces with values. */
    private static final String PARAMETER = ":[#?](in:)?(\\$\\{[^{}]+}|[\\w.-]+)|(?<![\\w:])#(?![\\w])";

    private SqlStatement() {}

    /**
     * Makes sure that the tables and columns of a statement exist and that its SQL can be parsed.
     *
     * @param query the statement, or the address of a file that contains it
     */
    static void require(CamelContext camel, DataSource database, String query, Place place) {
        String statement = read(camel, query).replaceAll(PARAMETER, "?");
        try (Connection connection = database.getConnection();
                PreparedStatement prepare = connection.prepareStatement("prepare relais_check from ?")) {
            prepare.setString(1, statement);
            prepare.execute();
            try (PreparedStatement release = connection.prepareStatement("deallocate prepare relais_check")) {
                release.execute();
            }
        } catch (SQLException e) {
            String problem = PROBLEMS.get(e.getErrorCode());
            if (problem != null) {
                // The statement contains no values yet, so the message quotes only the route file.
                throw place.mistake(
                        "quer",
                        problem + ": " + message(e),
                        "Create the table before the route starts, or correct the statement.");
            }
        }
    }

    private static String message(SQLException failure) {
        return String.valueOf(failure.getMessage())
                .replaceFirst("^\\(conn=\\d+\\) ", "")
                .strip();
    }

    private static String read(CamelContext camel, String query) {
        if (!query.matches("(classpath|file):.*")) {
            return query;
        }
        try (InputStream file = ResourceHelper.resolveMandatoryResourceAsInputStream(camel, query)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
