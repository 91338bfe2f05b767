package fr.relais;

import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.transaction.support.TransactionOperations;

/** The settings in the ledger. The service records them when it starts; commands do not. */
public final class SettingsRecord {

    private final TransactionOperations transaction;
    private final Ledger ledger;
    private final Map<String, Object> facts = new LinkedHashMap<>();

    SettingsRecord(TransactionOperations transaction, Ledger ledger, Settings settings) {
        this.transaction = transaction;
        this.ledger = ledger;
        facts.put("software", Relais.class.getPackage().getImplementationVersion());
        facts.put("account", settings.source().accountDigest());
        facts.put("settings", settings.withoutSecrets());
    }

    /** Adds the settings of this process to the ledger, unless the last entry has the same. */
    public void addChange() {
        transaction.executeWithoutResult(status -> ledger.appendChange(Kind.SETTINGS, facts));
    }
}
