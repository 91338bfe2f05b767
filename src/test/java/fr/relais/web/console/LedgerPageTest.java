package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.ledger.Verification;
import fr.relais.web.Site;
import org.junit.jupiter.api.Test;
import org.springframework.ui.ConcurrentModel;
import org.springframework.ui.Model;

class LedgerPageTest {

    @Test
    void while_a_check_is_running_another_one_only_says_so() {
        Site site = mock(Site.class, RETURNS_DEEP_STUBS);
        Verification verification = mock();
        LedgerPage page = new LedgerPage(site);
        Model during = new ConcurrentModel();
        when(site.relais().overPipeline().ledger().verify(any())).thenAnswer(call -> {
            if (during.asMap().isEmpty()) {
                during.addAttribute("view", page.check(during));
            }
            return verification;
        });

        Model first = new ConcurrentModel();
        page.check(first);
        Model later = new ConcurrentModel();
        page.check(later);

        assertThat(during.asMap()).doesNotContainKey("verification").containsEntry("view", "console/ledger-check");
        assertThat(first.getAttribute("verification")).isSameAs(verification);
        assertThat(later.getAttribute("verification")).isSameAs(verification);
    }
}
