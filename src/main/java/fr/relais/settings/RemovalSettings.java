package fr.relais.settings;

/**
 * The settings {@code relais.removal.*}, except those that only the routes use. A sweep is held when it would remove
 * more than each of the share, the number and the factor allows.
 *
 * @param guardShare the share of the mirror, from 0 to 1
 * @param guardNumber the number of offers
 * @param guardFactor the multiple of the usual removals; 0 when they are not considered
 */
public record RemovalSettings(double guardShare, long guardNumber, double guardFactor) {

    private static final String GUARD = "relais.removal.guard";
    private static final long DEFAULT_NUMBER = 1_000;

    static RemovalSettings of(SettingValues values) {
        values.flag("relais.removal.confirm");
        String[] guard = values.text(
                        GUARD,
                        text -> text.matches("(0(\\.\\d{1,9})?|1(\\.0+)?)(,\\d{1,9}(,\\d{1,3}(\\.\\d{1,3})?)?)?"),
                        "a share from 0 to 1, and optionally, after commas, a number of offers and a factor")
                .split(",");
        return new RemovalSettings(
                Double.parseDouble(guard[0]),
                guard.length < 2 ? DEFAULT_NUMBER : Long.parseLong(guard[1]),
                guard.length < 3 ? 0 : Double.parseDouble(guard[2]));
    }
}
