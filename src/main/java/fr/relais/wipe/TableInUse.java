package fr.relais.wipe;

import fr.relais.failure.RelaisException;

/** The failure to rebuild a table. */
public final class TableInUse extends RelaisException {

    private static final long serialVersionUID = 1L;

    TableInUse(String table) {
        super(
                "The table " + table + " could not be rebuilt, so its file may keep deleted rows",
                "End what uses the table, such as a backup, and run the command wipe again. It continues where it was"
                        + " interrupted. The account needs the privileges select and insert on the table.");
    }
}
