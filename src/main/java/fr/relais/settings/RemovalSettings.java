package fr.relais.settings;

/**
 * The settings {@code relais.removal.*}, except those that only the routes use. A sweep is held when it would remove
 * more than the share and more than the number.
 *
 * @param guardShare the share of the mirror, from 0 to 1
 * @param guardNumber the number of offers
 */
public record RemovalSettings(double guardShare, long guardNumber) {

    private static final String GUARD = "relais.removal.guard";
    private static final long DEFAULT_NUMBER = 1_000;

    static RemovalSettings of(SettingValues values) {
        values.flag("relais.removal.confirm");
        String[] guard = values.text(
                        GUARD,
                        text -> text.matches("(0(\\.\\d{1,9})?|1(\\.0+)?)(,\\d{1,9})?"),
                        "a share from 0 to 1, and optionally a number of offers after a comma")
                .split(",");
        return new RemovalSettings(
                Double.parseDouble(guard[0]), guard.length == 1 ? DEFAULT_NUMBER : Long.parseLong(guard[1]));
    }
}
