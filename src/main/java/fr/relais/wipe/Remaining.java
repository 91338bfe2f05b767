package fr.relais.wipe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The copies that people must delete after a wipe, because Relais cannot reach them. */
final class Remaining {

    private final JdbcClient jdbc;
    private final WipedTables tables;
    private final WipedFiles files;

    Remaining(JdbcClient jdbc, WipedTables tables, WipedFiles files) {
        this.jdbc = jdbc;
        this.tables = tables;
        this.files = files;
    }

    /**
     * Returns one text for each place, in the order in which people should look.
     *
     * @param isPurged whether the server has purged the deleted rows from its undo logs
     */
    List<String> texts(boolean isPurged) {
        List<String> texts = new ArrayList<>();
        if (!isPurged) {
            texts.add("The undo logs of the database server, because an old transaction is open. End it, and run the"
                    + " command wipe again.");
        }
        addServerCopies(texts);
        List<String> unknown = tables.unknown();
        if (!unknown.isEmpty()) {
            texts.add("Tables of this schema without a foreign key to offer: " + String.join(", ", unknown)
                    + ". If they have data of offers, empty them.");
        }
        files.remote().forEach(setting -> texts.add("What was published or sent to " + setting + ". Delete it there."));
        texts.add("Backups, snapshots and replicas of the database, and the folder of the database on disks that were"
                + " replaced. Delete them.");
        texts.add("The receivers of events, such as search indexes, and the sites that used the API. Ask their"
                + " operators to delete their copies.");
        texts.add("The logs of proxies and web servers, which have the addresses of offers' pages. Delete them.");
        texts.add("Search engines. Ask them to remove the pages; the site answers 410 for each offer.");
        texts.add("Mails with monthly reports in your own mailboxes, files from report --to, dumps of memory, and the"
                + " processes themselves. Delete the files, and restart or stop the processes.");
        return texts;
    }

    private void addServerCopies(List<String> texts) {
        Map<String, String> variables = new HashMap<>();
        jdbc.sql("""
                select lower(variable_name) as name, variable_value as value from information_schema.global_variables
                where variable_name in ('innodb_immediate_scrub_data_uncompressed', 'log_bin', 'general_log',
                  'slow_query_log')""").query(row -> {
            variables.put(row.getString("name"), row.getString("value"));
        });
        if (!"ON".equals(variables.get("innodb_immediate_scrub_data_uncompressed"))) {
            texts.add("Freed pages in the files of the database server, because"
                    + " innodb_immediate_scrub_data_uncompressed is not ON. Create the files of the server anew.");
        }
        if ("ON".equals(variables.get("log_bin"))) {
            texts.add("The binary log of the database server. Execute: purge binary logs before now()");
        }
        if ("ON".equals(variables.get("general_log")) || "ON".equals(variables.get("slow_query_log"))) {
            texts.add("The general log or the slow query log of the database server. Delete it.");
        }
    }
}
