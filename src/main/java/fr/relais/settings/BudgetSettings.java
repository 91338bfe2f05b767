package fr.relais.settings;

import java.util.List;

/**
 * The settings {@code relais.budget.*}.
 *
 * @param limits the limits of each client and of the pool
 * @param searchEngines the domains of the search engines that are exempt from the budget
 */
public record BudgetSettings(Limits limits, List<String> searchEngines) {

    private static final String OFFERS = "relais.budget.offers";
    private static final String DOMAIN = "[\\w-]+(\\.[\\w-]+)+";
    private static final String DOMAINS = "(" + DOMAIN + "(," + DOMAIN + ")*)?";

    /** @param share the size of the common pool as a share of the base, from 0 to 1 */
    public record Limits(int requestsPerMinute, int offers, int unopened, double share, int keyOffers) {}

    static BudgetSettings of(SettingValues values) {
        int offers = values.integer(OFFERS, 1, 1_000_000);
        return new BudgetSettings(
                new Limits(
                        values.integer("relais.budget.requests-per-minute", 1, 10_000_000),
                        offers,
                        values.integer("relais.budget.unopened", 0, offers, OFFERS),
                        values.number("relais.budget.share", 0, 1),
                        values.integer("relais.budget.key-offers", 1, 10_000_000)),
                values.list("relais.budget.search-engines", DOMAINS, "domains such as googlebot.com,search.msn.com"));
    }
}
