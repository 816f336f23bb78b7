{
  const done = document.querySelector('[data-module="govuk-notification-banner"][role="alert"]')
  if (done && !document.querySelector('[data-module="govuk-error-summary"]')) {
    done.tabIndex = -1
    done.focus()
  }
}
