package fr.relais.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import ch.qos.logback.classic.Level;
import fr.relais.CapturedLog;
import fr.relais.settings.Settings;
import fr.relais.web.access.ApiKeys;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

class ServiceCommandTest {

    @Test
    void the_service_starts_although_the_first_key_cannot_be_created() {
        Settings settings = mock();
        when(settings.consolePassword()).thenReturn(Optional.empty());
        ApiKeys keys = mock();
        when(keys.addFirstOperator()).thenThrow(new QueryTimeoutException("insert into api_key"));

        try (CapturedLog log = CapturedLog.ofApplication(Level.WARN)) {
            ServiceCommand.printFirstPassword(settings, keys);

            assertThat(log.all()).singleElement().asString().contains("api-key").doesNotContain("insert");
        }
    }
}
