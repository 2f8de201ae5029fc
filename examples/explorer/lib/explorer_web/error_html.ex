defmodule ExplorerWeb.ErrorHTML do
  @moduledoc false
  # What is said when a page cannot be shown: the status, and nothing of why.

  def render(template, _assigns), do: Phoenix.Controller.status_message_from_template(template)
end
