package fr.relais.settings;

/**
 * The settings {@code relais.alert.*}.
 *
 * @param areOnlyLogged whether alerts are sent to the log and nowhere else
 * @param mail the recipients of mails, separated by commas; may be empty
 * @param hasWebhook whether alerts are posted to {@code relais.alert.webhook}. The address stays with the routes,
 *     because it may contain a secret.
 * @param runbooks the address of the page that has the runbooks
 */
public record AlertSettings(boolean areOnlyLogged, String mail, boolean hasWebhook, String runbooks) {

    private static final String MAIL = "relais.alert.mail";
    private static final String WEBHOOK = "relais.alert.webhook";
    private static final String ADDRESS = "[^@,\\s]+@[^@,\\s]+";

    static AlertSettings of(SettingValues values) {
        String mail = values.text(
                MAIL,
                text -> text.isEmpty() || text.matches(ADDRESS + "(,\\s*" + ADDRESS + ")*"),
                "mail addresses that are separated by commas");
        if (!mail.isEmpty()) {
            requireSender(values);
        }
        String webhook = values.text(WEBHOOK);
        if (!webhook.isEmpty() && !SettingValues.isHttp(webhook)) {
            throw new InvalidSetting(WEBHOOK, "takes an http or https address, and the value is not shown");
        }
        boolean isLogged = values.requiredText("relais.alert.uri").matches("direct:relais-log-alert|log:.*");
        return new AlertSettings(
                isLogged && mail.isEmpty() && webhook.isEmpty(),
                mail,
                !webhook.isEmpty(),
                values.requiredText("relais.alert.runbooks"));
    }

    private static void requireSender(SettingValues values) {
        if (values.text("relais.report.from").isEmpty()) {
            throw new InvalidSetting(MAIL, "needs a sender: set relais.report.from");
        } else if (values.text("relais.report.uri").equals("direct:relais-no-mail-server")) {
            throw new InvalidSetting(MAIL, "needs a mail server: set spring.mail.host, or relais.report.uri in a host");
        }
    }
}
