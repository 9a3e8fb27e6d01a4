"""The URLs of this app."""

from django.urls import URLPattern, URLResolver, path

from dunning.views import decisions, notice, outgoing, policies, policy, recall, run, runs, starters, template, templates, why, words

urlpatterns: list[URLPattern | URLResolver] = [
    path("dunning/", runs.runs, name="dunning"),
    path("dunning/entities/<int:entity_id>/policy/", runs.install, name="dunning_install"),
    path("dunning/policies/", policies.policies, name="dunning_policies"),
    path("dunning/policies/new/", policies.policy_new, name="dunning_policy_new"),
    path("dunning/policies/<int:policy_id>/", policy.policy, name="dunning_policy"),
    path("dunning/policies/<int:policy_id>/delete/", policies.policy_delete, name="dunning_policy_delete"),
    path("dunning/policies/<int:policy_id>/versions/", policy.policy_versions, name="dunning_policy_versions"),
    path("dunning/policies/<int:policy_id>/start/", runs.start_run, name="dunning_start"),
    path("dunning/policies/<int:policy_id>/switch/", runs.switch, name="dunning_switch"),
    path("dunning/runs/<int:run_id>/", run.run, name="dunning_run"),
    path("dunning/runs/<int:run_id>/approve/", run.approve, name="dunning_run_approve"),
    path("dunning/runs/<int:run_id>/cancel/", run.cancel, name="dunning_run_cancel"),
    path("dunning/runs/<int:run_id>/undo/", run.undo, name="dunning_run_undo"),
    path("dunning/runs/<int:run_id>/rehearsed/", run.rehearsed, name="dunning_run_rehearsed"),
    path("dunning/runs/<int:run_id>/recall/", recall.recall, name="dunning_recall"),
    path("dunning/runs/<int:run_id>/letters/", run.letters, name="dunning_run_letters"),
    path("dunning/notices/<int:notice_id>/", notice.notice, name="dunning_notice"),
    path("dunning/notices/<int:notice_id>/mail/", notice.notice_mail, name="dunning_notice_mail"),
    path("dunning/notices/<int:notice_id>/letter/", notice.notice_letter, name="dunning_notice_letter"),
    path("dunning/notices/<int:notice_id>/resolve/", notice.resolve, name="dunning_notice_resolve"),
    path("dunning/notices/<int:notice_id>/withdraw/", notice.withdraw, name="dunning_notice_withdraw"),
    path("dunning/starters/", starters.starters, name="dunning_starters"),
    path("dunning/templates/", templates.templates, name="dunning_templates"),
    path("dunning/templates/new/", templates.template_new, name="dunning_template_new"),
    path("dunning/templates/address/", templates.address_modes, name="dunning_address_modes"),
    path("dunning/templates/<int:template_id>/", template.template, name="dunning_template"),
    path("dunning/templates/<int:template_id>/mail/", template.template_mail, name="dunning_template_mail"),
    path("dunning/templates/<int:template_id>/restore/", template.template_restore, name="dunning_template_restore"),
    path("dunning/notices/<int:notice_id>/words/", words.notice_words, name="dunning_notice_words"),
    path("dunning/decisions/", decisions.decisions, name="dunning_decisions"),
    path("dunning/outgoing/", outgoing.outgoing, name="dunning_outgoing"),
    path("dunning/outgoing/switch/", outgoing.outgoing_switch, name="dunning_outgoing_switch"),
    path("dunning/why/<int:customer_id>/", why.dunning_why, name="dunning_why"),
    path("dunning/customer/<int:customer_id>/notices/", why.customer_notices, name="dunning_notices_panel"),
]
